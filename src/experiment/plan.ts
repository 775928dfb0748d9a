import type { Experiment } from '../record/experiment.ts';
import type { PlannedTrial } from '../record/run.ts';
import { seededRandom, shuffled } from './plan-order.ts';

/** Least digits of the running number in a trial id, so that ids sort as the trials ran. */
const leastDigits = 3;

/** The trials of an experiment in the order in which they are to run: blocks in which each configuration is booted once, in an order drawn from the seed. */
export function plan(experiment: Experiment): PlannedTrial[] {
  const random = seededRandom(experiment.seed);
  const names = experiment.configurations.map((configuration) => configuration.name);
  const digits = Math.max(leastDigits, String(names.length * experiment.boots).length);
  const trials: PlannedTrial[] = [];
  for (let block = 1; block <= experiment.boots; block += 1) {
    for (const configuration of shuffled(names, random)) {
      const number = String(trials.length + 1).padStart(digits, '0');
      trials.push({ trialId: `${number}-${configuration}-b${String(block)}`, configuration, block, boot: block });
    }
  }
  return trials;
}
