import { type Command, Option } from 'commander';
import { z } from 'zod';
import type { ExperimentChoice } from '../experiment/file/experiment-file.ts';
import { experiment, traceSpec } from '../record/experiment.ts';
import { collect } from './command-parts.ts';

/** Adds the flags that change an experiment: what `run` and `plan` have in common. */
export function addExperimentFlags(command: Command): Command {
  return command
    .option('--duration <time>', 'of every workload, e.g. 30s')
    .option('--boots <n>', 'fresh boots of each configuration')
    .option('--budget <time>', 'as many boots as fit into this time, e.g. 30m')
    .addOption(
      new Option('--order <order>', 'of the configurations in each block').choices(experiment.shape.order.options),
    )
    .option('--seed <n>', 'of the shuffled order')
    .option('--workload <names>', 'only these, e.g. iperf3,sockperf')
    .option('--pairs <numbers>', 'of client and server at once, a configuration each, e.g. 1,2,4,8')
    .option('--ceiling', 'also the same work host to host in the same blocks')
    .option('--no-ceiling', 'without it, where the experiment has it')
    .option('--set <path=value>', 'any field of the experiment, e.g. vmm.accel=tcg (repeatable)', collect, [])
    .addOption(
      new Option(
        '--trace <mode>',
        'count system calls in a separate window, in the measured one, or not at all',
      ).choices(traceSpec.shape.mode.options),
    );
}

/** The same flags as commander gives them. */
export const experimentFlags = z.object({
  duration: z.string().optional(),
  boots: z.string().optional(),
  budget: z.string().optional(),
  order: z.string().optional(),
  seed: z.string().optional(),
  workload: z.string().optional(),
  pairs: z.string().optional(),
  ceiling: z.boolean().optional(),
  set: z.array(z.string()),
  trace: z.string().optional(),
});

/** What those flags say about an experiment. */
export function choiceOf(nameOrPath: string | null, flags: z.infer<typeof experimentFlags>): ExperimentChoice {
  const { duration, boots, budget, order, seed, pairs, ceiling, trace } = flags;
  return {
    nameOrPath,
    overrides: flags.set,
    workloads: flags.workload?.split(','),
    duration,
    boots,
    budget,
    order,
    seed,
    pairs,
    ceiling,
    trace,
  };
}
