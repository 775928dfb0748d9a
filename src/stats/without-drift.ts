import { confidence } from './interval.ts';
import { meanOf } from './moments.ts';
import type { TwoSides } from './ratio.ts';
import { studentQuantile } from './student-t.ts';

/** With fewer boots a side the slope costs more than it gives. */
const slopeFrom = 4;
/**
 * Where the sides' mean places in the run are further apart than this share of what a run of one side after the other would make them, drift
 * can't be told from a difference of the sides, and nothing is taken out.
 */
const confoundedFrom = 0.25;

export interface SidesInTime extends TwoSides {
  /** Place of each boot in the run, in the order of the samples: trial numbers, or times of start in any unit. */
  readonly positions: TwoSides;
}

function isConstant(side: readonly number[]): boolean {
  return side.every((figure) => figure === side[0]);
}

function isUsable({ baseline, candidate, positions }: SidesInTime): boolean {
  if (isConstant(baseline) || isConstant(candidate)) return false;
  const all = [...baseline, ...candidate, ...positions.baseline, ...positions.candidate];
  if (baseline.length !== positions.baseline.length || candidate.length !== positions.candidate.length) return false;
  return (
    Math.min(baseline.length, candidate.length) >= slopeFrom &&
    all.every(Number.isFinite) &&
    Math.min(...baseline, ...candidate) > 0
  );
}

/** Products of deviations from the side's means, summed: of positions with figures, or of positions with themselves. */
function products(positions: readonly number[], figures: readonly number[]): number {
  const middle = meanOf(positions);
  const level = meanOf(figures);
  return positions.reduce((sum, position, at) => sum + (position - middle) * ((figures[at] ?? level) - level), 0);
}

/** How much the boots must be stretched around their side's level so that what comes after need not know that a degree of freedom is gone: in spread, and in the tail of t at 5 %. */
function stretchFor(boots: number): number {
  const tail = studentQuantile((1 + confidence) / 2, boots - 3) / studentQuantile((1 + confidence) / 2, boots - 2);
  return tail * Math.sqrt((boots - 2) / (boots - 3));
}

/**
 * The two sides with the drift that they have in common taken out: one straight line, the same for both sides, fitted by least squares together
 * with a level for each side (analysis of covariance: R. A. Fisher, Statistical Methods for Research Workers, 4th edition, 1932, section 49.1).
 * What is left is stretched, as the fitted line takes a degree of freedom and would else make the boots look more alike than they are. The sides come back as they were with fewer than 4 boots a side, where they were not
 * interleaved, where all boots of a side are alike, and where a figure is not above 0 before or after: a line is no model for such.
 */
export function withoutDrift(sides: SidesInTime): TwoSides {
  if (!isUsable(sides)) return sides;
  const { baseline, candidate, positions } = sides;
  const places = [...positions.baseline, ...positions.candidate];
  const square = products(positions.baseline, positions.baseline) + products(positions.candidate, positions.candidate);
  const apart = Math.abs(meanOf(positions.baseline) - meanOf(positions.candidate));
  const range = Math.max(...places) - Math.min(...places);
  if (!(square > 0) || apart > (confoundedFrom * range) / 2) return sides;
  const slope = (products(positions.baseline, baseline) + products(positions.candidate, candidate)) / square;
  const middle = meanOf(places);
  const stretch = stretchFor(places.length);
  const taken = (figures: readonly number[], at: readonly number[]): number[] => {
    const level = meanOf(figures);
    const centre = meanOf(at);
    const adjusted = level - slope * (centre - middle);
    return figures.map(
      (figure, place) => adjusted + stretch * (figure - level - slope * ((at[place] ?? centre) - centre)),
    );
  };
  const without = { baseline: taken(baseline, positions.baseline), candidate: taken(candidate, positions.candidate) };
  const isSound = [...without.baseline, ...without.candidate].every((figure) => Number.isFinite(figure) && figure > 0);
  return isSound ? without : sides;
}
