/** One thing that a run needs or is better for, as found on this machine. */
export interface Requirement {
  readonly name: string;
  /** `degraded`: a run is possible, but poorer or less sure. */
  readonly status: 'ok' | 'missing' | 'degraded';
  /** What was found. */
  readonly what: string;
  /** What that means for the results. */
  readonly meaning: string;
  /** The command that mends it; null where it is well, or where no command does. */
  readonly mend: string | null;
  /** Without it no run is possible. */
  readonly isVital: boolean;
}

interface Finding extends Omit<Requirement, 'status' | 'mend'> {
  readonly mend?: string | null;
  readonly isOk: boolean;
}

/** A requirement that is met or else missing (vital) or degraded (not vital). What is well needs no mending. */
export function requirement(finding: Finding): Requirement {
  const { isOk, mend, ...rest } = finding;
  const status = isOk ? 'ok' : finding.isVital ? 'missing' : 'degraded';
  return { ...rest, status, mend: isOk ? null : (mend ?? null) };
}
