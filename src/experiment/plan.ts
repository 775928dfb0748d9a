import type { Experiment } from '../record/experiment.ts';
import type { PlannedTrial } from '../record/run.ts';
import { type RandomSource, seededRandom, shuffled } from './plan-order.ts';

/** Least digits of the running number in a trial id, so that ids sort as the trials ran. */
const leastDigits = 3;

/** Gives the order of each next block. */
function orderOf({ order, configurations }: Experiment, random: RandomSource): (block: number) => readonly string[] {
  const names = configurations.map(({ name }) => name);
  switch (order) {
    case 'shuffled':
      return () => shuffled(names, random);
    case 'abba':
      return (block) => (block % 2 === 1 ? names : names.toReversed());
    case 'sequential':
      return () => names;
  }
}

/** The trials of an experiment in the order in which they are to run: blocks in which each configuration is booted once. */
export function plan(experiment: Experiment): PlannedTrial[] {
  const nextBlock = orderOf(experiment, seededRandom(experiment.seed));
  const digits = Math.max(leastDigits, String(experiment.configurations.length * experiment.boots).length);
  const trials: PlannedTrial[] = [];
  for (let block = 1; block <= experiment.boots; block += 1) {
    for (const configuration of nextBlock(block)) {
      const number = String(trials.length + 1).padStart(digits, '0');
      trials.push({ trialId: `${number}-${configuration}-b${String(block)}`, configuration, block, boot: block });
    }
  }
  return trials;
}
