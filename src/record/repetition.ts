/** What is known of a trial that ran. */
export interface RanTrial {
  readonly trialId: string;
  /** Id of the trial that it repeats; null for one of the plan. */
  readonly repeats: string | null;
  /** It neither failed nor has a figure that contradicts itself. */
  readonly isSound: boolean;
}

/** Whether every boot that was tried came to something, at the first try or when it was repeated. */
export function isEachBootSound(ran: readonly RanTrial[]): boolean {
  const mended = new Set(ran.filter(({ isSound }) => isSound).map(({ repeats }) => repeats));
  return ran.every(({ trialId, repeats, isSound }) => isSound || repeats !== null || mended.has(trialId));
}
