import { bimodalityOf } from '../../src/stats/bimodality.ts';
import { bootsNeeded } from '../../src/stats/boots-needed.ts';
import { changePoints } from '../../src/stats/change-points.ts';
import { compareMetrics, type MetricSamples } from '../../src/stats/compare-metrics.ts';
import { driftOf } from '../../src/stats/drift.ts';
import { estimateOf } from '../../src/stats/estimate.ts';
import type { Interval } from '../../src/stats/interval.ts';
import { permutationTest } from '../../src/stats/permutation.ts';
import { ratioOf } from '../../src/stats/ratio.ts';
import { flagsOf } from '../../src/stats/sample-flags.ts';
import { withoutDrift } from '../../src/stats/without-drift.ts';
import {
  type BootShape,
  bootSpread,
  type Experiment,
  experiment,
  level,
  normal,
  shapes,
  streamOf,
  stressShapes,
} from './boots.ts';
import { atMost5, type Cell, covers, nominal5, Tally } from './cell.ts';
import { isCalledSame, type Judged, judge, resamples } from './judge.ts';
import { peerTest, secondsOfBoot, welch } from './peers.ts';

/** A simulation: what it is called, and its cells from so many experiments. */
export interface Simulation {
  readonly name: string;
  readonly run: (experiments: number) => Cell[];
}

const threshold = 0.03;
/** Metrics of a family; independent of each other, which gives Holm the most chances to fail. */
const familySize = 6;
/** Of so many experiments one is also judged by the whole of `compareMetrics`. */
const checkedEvery = 50;

function metricOf(name: string, { baseline, candidate, positions }: Experiment): MetricSamples {
  return { name, baseline, candidate, positions, threshold, betterIs: 'higher' };
}

function isAlarm({ verdict }: Pick<Judged, 'verdict'>): boolean {
  return verdict === 'better' || verdict === 'worse';
}

function isBelow(pValue: number | null, bound: number): boolean {
  return pValue !== null && pValue < bound;
}

function isInside(interval: Interval | null, truth: number): boolean {
  return interval !== null && interval.low <= truth && truth <= interval.high;
}

/** The shortcut of `judge` must not lead away from what a user gets. */
function mustAgree(family: readonly MetricSamples[], judged: readonly Judged[], seed: number): void {
  const users = compareMetrics(family, { seed, resamples });
  const isAsUsers = judged.every((one, at) => {
    const other = users[at];
    return other !== undefined && one.adjustedPValue === other.adjustedPValue && isAlarm(one) === isAlarm(other);
  });
  if (!isAsUsers) throw new Error(`compareMetrics and the simulation's shortcut differ in experiment ${seed}`);
}

function falseAlarms(shape: BootShape, boots: number): Simulation {
  const row = `${shape.name}, n = ${boots}`;
  return {
    name: `A/A: ${row}`,
    run: (experiments) => {
      const random = streamOf(`aa/${row}`);
      const tally = new Tally(experiments);
      for (let seed = 0; seed < experiments; seed += 1) {
        const family = Array.from({ length: familySize }, (_, at) =>
          metricOf(`metric-${at}`, experiment({ shape, boots, ratio: 1 }, random)),
        );
        const together = judge(family, { seed });
        const [alone] = judge(family.slice(0, 1), { seed });
        if (alone === undefined) continue;
        if (seed % checkedEvery === 0) mustAgree(family, together, seed);
        tally.count('verdict, one metric', isAlarm(alone));
        tally.count('verdict, any of 6', together.some(isAlarm));
        tally.count('test alone, one metric', isBelow(alone.pValue, 0.05));
        tally.count(
          'test alone, any of 6',
          together.some((one) => isBelow(one.adjustedPValue, 0.05)),
        );
      }
      return tally.cells('False alarms in A/A', row, {
        'verdict, one metric': atMost5,
        'verdict, any of 6': atMost5,
        'test alone, one metric': nominal5,
        'test alone, any of 6': nominal5,
      });
    },
  };
}

/** @param times how many times as many experiments as told: a coverage near a bound must be known well */
function coverage(shape: BootShape, boots: number, times: number): Simulation {
  const row = `${shape.name}, n = ${boots}`;
  const isDemanded = shapes.includes(shape);
  return {
    name: `coverage: ${row}`,
    run: (experiments) => {
      const random = streamOf(`coverage/${row}`);
      const tally = new Tally(experiments * times);
      for (let seed = 0; seed < experiments * times; seed += 1) {
        const sides = experiment({ shape, boots, ratio: 1 }, random);
        tally.count('mean', isInside(estimateOf(sides.baseline, { seed, resamples }).interval, level));
        tally.count('ratio', isInside(ratioOf({ ...withoutDrift(sides), seed, resamples }).interval, 1));
        tally.count('ratio, order unknown', isInside(ratioOf({ ...sides, seed, resamples }).interval, 1));
      }
      const demands = isDemanded ? { mean: covers, ratio: covers } : {};
      return tally.cells(isDemanded ? 'Coverage of 95 % intervals' : 'Coverage beyond the demands', row, demands);
    },
  };
}

function stressAlarms(shape: BootShape, boots: number): Simulation {
  const row = `${shape.name}, n = ${boots}`;
  return {
    name: `A/A: ${row}`,
    run: (experiments) => {
      const random = streamOf(`aa/${row}`);
      const tally = new Tally(experiments);
      for (let seed = 0; seed < experiments; seed += 1) {
        const [one] = judge([metricOf('metric', experiment({ shape, boots, ratio: 1 }, random))], {
          seed,
        });
        if (one === undefined) continue;
        tally.count('verdict, one metric', isAlarm(one));
        tally.count('test alone, one metric', isBelow(one.pValue, 0.05));
      }
      return tally.cells('False alarms beyond the demands', row, {});
    },
  };
}

/** Boots as a sum of what is measured: twenty seconds of each, averaged. */
function bootMeans(boots: number, ratio: number, random: () => number): number[] {
  return Array.from({ length: boots }, () => secondsOfBoot(20, ratio, random).reduce((sum, one) => sum + one / 20, 0));
}

function power(boots: number, ratio: number): Simulation {
  const row = `${ratio === 1 ? 'A/A' : `a change of ${Math.round((ratio - 1) * 100)} %`}, n = ${boots}`;
  return {
    name: `power: ${row}`,
    run: (experiments) => {
      const random = streamOf(`power/${row}`);
      const tally = new Tally(experiments);
      for (let seed = 0; seed < experiments; seed += 1) {
        const baseline = bootMeans(boots, 1, random);
        const candidate = bootMeans(boots, ratio, random);
        const [ours] = judge([{ name: 'm', baseline, candidate, threshold, betterIs: 'higher' }], {
          seed,
        });
        const peer = peerTest(ratio, random);
        tally.count('our verdict', ours !== undefined && isAlarm(ours));
        tally.count('our test, p < 0.05', ours !== undefined && isBelow(ours.pValue, 0.05));
        tally.count('Welch, p < 0.05', welch(baseline, candidate) < 0.05);
        tally.count('seconds of one boot, p < 0.01', peer.isSignificant);
        tally.count('the same and > 5 %', peer.isAlarm);
      }
      return tally.cells('Power and false alarms beside others', row, {});
    },
  };
}

function sameClaims(shape: BootShape, boots: number): Simulation {
  const row = `${shape.name}, n = ${boots}`;
  return {
    name: `same: ${row}`,
    run: (experiments) => {
      const random = streamOf(`same/${row}`);
      const tally = new Tally(experiments);
      const isSame = (ratio: number, seed: number): boolean =>
        isCalledSame(metricOf('m', experiment({ shape, boots, ratio }, random)), seed);
      for (let seed = 0; seed < experiments; seed += 1) {
        tally.count(
          'false: the change is the threshold',
          isSame(seed % 2 === 0 ? 1 + threshold : 1 / (1 + threshold), seed),
        );
        tally.count('earned: no change', isSame(1, seed));
      }
      return tally.cells('"same" claimed', row, { 'false: the change is the threshold': atMost5 });
    },
  };
}

/** Whether the boots that are said to do from 6 a side do: a second experiment with that many. */
function needed(): Simulation {
  return {
    name: 'boots that would do',
    run: (experiments) => {
      const random = streamOf('needed');
      const tally = new Tally(experiments);
      const [shape] = shapes;
      for (let seed = 0; seed < experiments && shape !== undefined; seed += 1) {
        const said = bootsNeeded({ ...experiment({ shape, boots: 6, ratio: 1 }, random), threshold }).boots ?? 3;
        const equal = metricOf('m', experiment({ shape, boots: said, ratio: 1 }, random));
        const { baseline, candidate } = experiment({ shape, boots: said, ratio: 1 + threshold }, random);
        tally.count('"same" where nothing changed', isCalledSame(equal, seed));
        tally.count(
          'test finds a change of the threshold',
          isBelow(permutationTest({ baseline, candidate, seed, limit: 20_000 }).pValue, 0.05),
        );
        tally.count('said 10 to 20', said >= 10 && said <= 20);
      }
      return tally.cells('The number of boots said to do from 6 a side, tried', 'normal', {});
    },
  };
}

function flags(shape: BootShape, boots: number): Simulation {
  const row = `${shape.name}, n = ${boots}`;
  return {
    name: `flags: ${row}`,
    run: (experiments) => {
      const random = streamOf(`flags/${row}`);
      const tally = new Tally(experiments);
      for (let seed = 0; seed < experiments; seed += 1) {
        const sides = experiment({ shape, boots, ratio: 1 }, random);
        const said = flagsOf(sides);
        tally.count('bimodal, one side', bimodalityOf(sides.baseline).isBimodal);
        tally.count('bimodal, comparison', said.includes('bimodal'));
        tally.count('drift, one side', driftOf(sides.baseline).isDrifting);
        tally.count('drift, comparison', said.includes('drift'));
      }
      const demands = {
        'bimodal, one side': atMost5,
        'bimodal, comparison': atMost5,
        'drift, one side': nominal5,
        'drift, comparison': nominal5,
      };
      return tally.cells('Flags', row, shape.name === 'normal' ? demands : {});
    },
  };
}

function history(runs: number, ratio: number): Simulation {
  const row = `${runs} runs, ${ratio === 1 ? 'flat' : `a step of ${Math.round((ratio - 1) * 100)} % after two thirds`}`;
  return {
    name: `history: ${row}`,
    run: (experiments) => {
      const random = streamOf(`history/${row}`);
      const tally = new Tally(experiments);
      const stepAt = Math.round((runs * 2) / 3);
      for (let seed = 0; seed < experiments; seed += 1) {
        const series = Array.from(
          { length: runs },
          (_, at) => level * (at < stepAt ? 1 : ratio) * (1 + bootSpread * normal(random)),
        );
        const found = changePoints(series, { seed });
        tally.count('any change found', found.length > 0);
        tally.count(
          'found within 1 run of the step',
          found.some(({ index }) => Math.abs(index - stepAt) <= 1),
        );
        tally.count('more than one found', found.length > 1);
      }
      return tally.cells('Change points of a history', row, ratio === 1 ? { 'any change found': nominal5 } : {});
    },
  };
}

const sizes = [6, 10] as const;
/** Coverage is simulated five times as often as told, so that 93 and 97 % are told from 94 and 96 %. */
const coverageTimes = 5;

/** All there are, the longest first, so that the workers end together. */
export const simulations: readonly Simulation[] = [
  ...sizes.toReversed().flatMap((boots) => shapes.map((shape) => falseAlarms(shape, boots))),
  ...sizes.flatMap((boots) => shapes.map((shape) => coverage(shape, boots, coverageTimes))),
  ...[10, 6].flatMap((boots) => [1, 1.05].map((ratio) => power(boots, ratio))),
  ...[6, 10, 13, 20].flatMap((boots) => shapes.map((shape) => sameClaims(shape, boots))),
  needed(),
  ...sizes.flatMap((boots) => stressShapes.map((shape) => stressAlarms(shape, boots))),
  ...sizes.flatMap((boots) => stressShapes.map((shape) => coverage(shape, boots, 1))),
  ...[6, 10, 20].flatMap((boots) => [...shapes, ...stressShapes].map((shape) => flags(shape, boots))),
  ...[10, 20, 50].flatMap((runs) => [1, 1.05].map((ratio) => history(runs, ratio))),
];
