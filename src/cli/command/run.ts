import { z } from 'zod';
import { run } from '../../api/run.ts';
import { TapbenchError } from '../../record/error.ts';
import { choiceOf, experimentFlags } from '../experiment-flags.ts';
import { interrupts } from '../interrupts.ts';
import { keepUntilInterrupted } from '../keep.ts';
import { readOptions } from '../options.ts';
import { explain } from '../output.ts';
import { progressFor } from '../progress/progress.ts';

const schema = experimentFlags.extend({
  traceTiming: z.boolean().optional(),
  'guest.kernel': z.string().optional(),
  'guest.initrd': z.string().optional(),
  'guest.rootfs': z.string().optional(),
  timeout: z.string().optional(),
  resume: z.string().optional(),
  keep: z.boolean().default(false),
  json: z.boolean().default(false),
  quiet: z.boolean().default(false),
  store: z.string().optional(),
  in: z.enum(['nested']).optional(),
});

const trialFailed = 4;

/** Flags that don't change the experiment: they may stand beside `--resume`. */
const otherFlags: readonly string[] = ['resume', 'keep', 'json', 'quiet', 'store'];

/** What needs the machine of the run afterwards: a nested one is gone with its run. */
function refuseInNested(options: z.infer<typeof schema>): void {
  for (const flag of ['resume', 'keep'] as const) {
    const given = options[flag];
    if (given === undefined || given === false) continue;
    throw new TapbenchError('USAGE', `--${flag} can't stand beside --in nested: that machine ends with its run`);
  }
}

/** A run is resumed as it was begun: what would be ignored is refused. */
function refuseChanges(experiment: string | null, options: z.infer<typeof schema>): void {
  if (experiment !== null) {
    throw new TapbenchError('USAGE', '--resume goes on with the experiment of its run: name none beside it');
  }
  const isGiven = (value: unknown) => value !== undefined && !(Array.isArray(value) && value.length === 0);
  const given = Object.entries(options).find(([name, value]) => !otherFlags.includes(name) && isGiven(value));
  if (given === undefined) return;
  const name = given[0].replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const flag = given[1] === false ? `no-${name}` : name;
  throw new TapbenchError('USAGE', `--resume goes on with the experiment of its run: --${flag} can't change it`, {
    hint: 'To measure something else begin a new run.',
  });
}

/** `tapbench run`: the run's report on stdout, its progress on stderr. */
export async function runCommand(experiment: string | null, given: object): Promise<void> {
  const options = readOptions(schema, given);
  if (options.in !== undefined) refuseInNested(options);
  if (options.resume !== undefined) refuseChanges(experiment, options);
  using interrupted = interrupts();
  using progress = await progressFor(options.quiet);
  const place = options.in === 'nested' ? (await import('../../api/run-nested.ts')).runInNested : run;
  const result = await place({
    choice: {
      ...choiceOf(experiment, options),
      traceTiming: options.traceTiming,
      timeout: options.timeout,
      guestKernel: options['guest.kernel'],
      guestInitrd: options['guest.initrd'],
      guestRootfs: options['guest.rootfs'],
    },
    store: options.store,
    resume: options.resume,
    signal: interrupted.signal,
    onProgress: progress.onProgress,
    command: ['tapbench', ...process.argv.slice(2)],
    whileBooting: async () => {
      await import('../ended-run.ts');
    },
    ...(options.keep
      ? {
          keep: async (world) => {
            await keepUntilInterrupted(world, interrupted.signal);
          },
        }
      : {}),
  });
  progress[Symbol.dispose]();
  const { reportEndedRun } = await import('../ended-run.ts');
  const { isSound } = await reportEndedRun(result, options);
  if (result.error !== null) process.exitCode = explain(result.error);
  else if (!isSound) process.exitCode = trialFailed;
}
