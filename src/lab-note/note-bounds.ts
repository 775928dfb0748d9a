/** A text that holds more than any note: what becomes of each output and command takes time and memory. */
export class NoteTooLarge extends Error {
  override readonly name = 'NoteTooLarge';
}

/** Most of what a note may hold. 10 MB of the longest notes that we have, one behind the other, hold 17,800 outputs and 26,700 commands. */
const most = { outputs: 20_000, commands: 50_000 } as const;

/** @throws NoteTooLarge where there are more than a note may hold */
export function demandFew(what: keyof typeof most, count: number): void {
  if (count > most[what]) throw new NoteTooLarge(`has more than ${most[what].toLocaleString('en')} ${what}`);
}
