/** A part of several flows or machines as a whole, or why there is none. */
export type Whole<T> =
  | { readonly whole: T; readonly why?: never }
  | { readonly whole: null; readonly why: string | null };

interface Explained {
  readonly name: string;
  readonly notMeasured?: Readonly<Record<string, string | undefined>>;
}

/** Why a part of some of them is absent: in their own words where they all say the same, else in those of the first. null: nobody says. */
export function whyAbsent(lacking: readonly Explained[], part: string): string | null {
  const reasons = lacking.map(({ name, notMeasured }) => ({
    name,
    reason: notMeasured?.[part] ?? 'no reason was recorded',
  }));
  const [first, ...others] = reasons;
  if (first === undefined) return null;
  if (others.every(({ reason }) => reason === first.reason)) return first.reason;
  return `${first.name}: ${first.reason}; and ${String(others.length)} more`;
}
