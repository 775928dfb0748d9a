/** A place in a note where figures contradict each other by more than their rounding. */
export interface SumFinding {
  /** Of the note, from 1. */
  readonly line: number;
  readonly message: string;
  /** `void`: one of the figures cannot be right; `doubt`: it could still be read otherwise. */
  readonly level: 'doubt' | 'void';
}
