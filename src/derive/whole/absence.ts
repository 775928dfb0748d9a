import { eachOf } from './sum.ts';

/** A part of several flows or machines as a whole, or why there is none. */
export type Whole<T> =
  | { readonly whole: T; readonly why?: never }
  | { readonly whole: null; readonly why: string | null };

export interface Explained {
  readonly name: string;
  readonly notMeasured?: Readonly<Record<string, string | undefined>>;
}

/** A part of each of several; why not, where one of them lacks it, or there is none. */
export function everyPart<T extends Explained, V>(
  list: readonly T[],
  part: string,
  of: (one: T) => V | null,
): Whole<readonly V[]> {
  const all = list.length === 0 ? null : eachOf(list, of);
  if (all !== null) return { whole: all };
  return {
    whole: null,
    why: whyAbsent(
      list.filter((one) => of(one) === null),
      part,
    ),
  };
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
