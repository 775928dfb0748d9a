import { type RandomSource, seededRandom, seedOf } from '../../src/stats/random.ts';

/** Mean level of the simulated figure; nothing depends on its size. */
export const level = 100;
/** Boot-to-boot standard deviation as a share of the level: what was seen of throughput and latency on small shared machines. */
export const bootSpread = 0.02;
/** Standard deviation of one second within a boot, likewise. */
export const secondSpread = 0.02;

export function normal(random: RandomSource): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function exponential(random: RandomSource): number {
  return -Math.log(1 - random());
}

/** Two modes at equal distances from the mean by their weights, each with a spread of its own; as a whole with mean 0 and standard deviation 1. */
function modes(
  random: RandomSource,
  { upperShare, apart }: { readonly upperShare: number; readonly apart: number },
): number {
  const whole = Math.sqrt(1 + upperShare * (1 - upperShare) * apart ** 2);
  const mode = random() < upperShare ? 1 - upperShare : -upperShare;
  return (mode * apart + normal(random)) / whole;
}

export interface BootShape {
  readonly name: string;
  /** How one boot differs from the mean: mean 0, standard deviation 1. */
  readonly draw: (random: RandomSource) => number;
  /** Change of the level from the first trial to the last, as a share. */
  readonly drift: number;
}

/** The four that the demands are about. */
export const shapes: readonly BootShape[] = [
  { name: 'normal', draw: normal, drift: 0 },
  {
    // Gamma with shape 4: skewness 1. A boot's figure is a mean or a high quantile of thousands of messages, which takes off most of their skewness.
    name: 'skewed',
    draw: (random) => (exponential(random) + exponential(random) + exponential(random) + exponential(random) - 4) / 2,
    drift: 0,
  },
  {
    // Each boot lands in one of two placements by a coin's toss, 3.5 standard deviations of a placement apart: 3.5 % where one spreads by 1 %.
    name: 'bimodal',
    draw: (random) => modes(random, { upperShare: 0.5, apart: 3.5 }),
    drift: 0,
  },
  // Over the run the host gets slower by as much as the usual threshold, one and a half times the spread of the boots.
  { name: 'drifting', draw: normal, drift: -0.03 },
];

/** Worse than what the demands are about: shown so that the limits are known, and nothing is demanded of them. */
export const stressShapes: readonly BootShape[] = [
  { name: 'exponential (skewness 2)', draw: (random) => exponential(random) - 1, drift: 0 },
  {
    name: 'log-normal (skewness 1.75)',
    draw: (random) => {
      const middle = Math.exp(0.125);
      return (Math.exp(0.5 * normal(random)) - middle) / (middle * Math.sqrt(Math.exp(0.25) - 1));
    },
    drift: 0,
  },
  { name: 'two modes, 50:50, 8 sd apart', draw: (random) => modes(random, { upperShare: 0.5, apart: 8 }), drift: 0 },
  { name: 'two modes, 70:30, 5 sd apart', draw: (random) => modes(random, { upperShare: 0.3, apart: 5 }), drift: 0 },
  { name: 'two modes, 80:20, 8 sd apart', draw: (random) => modes(random, { upperShare: 0.2, apart: 8 }), drift: 0 },
  { name: 'drift of 10 %', draw: normal, drift: -0.1 },
];

export interface Experiment {
  readonly baseline: number[];
  readonly candidate: number[];
  readonly positions: { readonly baseline: number[]; readonly candidate: number[] };
}

export interface ExperimentPlan {
  readonly shape: BootShape;
  /** A side. */
  readonly boots: number;
  /** Candidate over baseline: 1 for A/A. */
  readonly ratio: number;
}

/** One experiment: blocks in which each side is booted once, in an order by a coin's toss; the drift goes by the trial's place in the run. */
export function experiment({ shape, boots, ratio }: ExperimentPlan, random: RandomSource): Experiment {
  const result: Experiment = { baseline: [], candidate: [], positions: { baseline: [], candidate: [] } };
  for (let block = 0; block < boots; block += 1) {
    const first = random() < 0.5 ? 'baseline' : 'candidate';
    for (const side of ['baseline', 'candidate'] as const) {
      const position = 2 * block + (side === first ? 0 : 1);
      const drift = shape.drift * (position / (2 * boots - 1) - 0.5);
      const figure = level * (1 + drift + bootSpread * shape.draw(random));
      result[side].push(side === 'candidate' ? figure * ratio : figure);
      result.positions[side].push(position);
    }
  }
  return result;
}

/** A stream of its own for each cell, so that no cell depends on which others are run or where. */
export function streamOf(cell: string): RandomSource {
  return seededRandom(seedOf(cell, 1));
}
