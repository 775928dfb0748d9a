import { join } from 'node:path';
import { z } from 'zod';
import { run } from '../../api/run.ts';
import type { OnProgress } from '../../experiment/progress.ts';
import { TapbenchError } from '../../record/error.ts';
import { jsonReport } from '../../report/json.ts';
import { markdownReport } from '../../report/markdown.ts';
import { terminalReport } from '../../report/terminal.ts';
import { writeDurably } from '../../store/durable-file.ts';
import { interrupts } from '../interrupts.ts';
import { keepUntilInterrupted } from '../keep.ts';
import { readOptions } from '../options.ts';
import { complain, explain, print } from '../output.ts';
import { liveProgress } from '../progress-live.ts';
import { plainProgress } from '../progress-plain.ts';
import { stdoutLook } from '../terminal.ts';

const schema = z.object({
  duration: z.string().optional(),
  boots: z.string().optional(),
  workload: z.string().optional(),
  set: z.array(z.string()),
  trace: z.string().optional(),
  traceTiming: z.boolean().optional(),
  'guest.kernel': z.string().optional(),
  'guest.initrd': z.string().optional(),
  timeout: z.string().optional(),
  resume: z.string().optional(),
  keep: z.boolean().default(false),
  json: z.boolean().default(false),
  quiet: z.boolean().default(false),
  store: z.string().optional(),
});

const trialFailed = 4;

function progressFor(isQuiet: boolean): { onProgress: OnProgress } & Disposable {
  if (isQuiet) return { onProgress: () => undefined, [Symbol.dispose]: () => undefined };
  if (process.stderr.isTTY) return liveProgress(process.stderr);
  return { onProgress: plainProgress(complain), [Symbol.dispose]: () => undefined };
}

/** `tapbench run`: the run's report on stdout, its progress on stderr. */
export async function runCommand(experiment: string | null, given: object): Promise<void> {
  const options = readOptions(schema, given);
  if (options.resume !== undefined && experiment !== null) {
    throw new TapbenchError('USAGE', '--resume goes on with the experiment of its run: name none beside it');
  }
  using interrupted = interrupts();
  using progress = progressFor(options.quiet);
  const result = await run({
    choice: {
      nameOrPath: experiment,
      overrides: options.set,
      workloads: options.workload?.split(','),
      ...{
        duration: options.duration,
        boots: options.boots,
        trace: options.trace,
        traceTiming: options.traceTiming,
        timeout: options.timeout,
      },
      ...{ guestKernel: options['guest.kernel'], guestInitrd: options['guest.initrd'] },
    },
    ...{ store: options.store, resume: options.resume, signal: interrupted.signal, onProgress: progress.onProgress },
    command: ['tapbench', ...process.argv.slice(2)],
    ...(options.keep
      ? {
          keep: async (machine) => {
            await keepUntilInterrupted(machine, interrupted.signal);
          },
        }
      : {}),
  });
  progress[Symbol.dispose]();
  const reportFile = join(result.folder, 'report.md');
  await writeDurably(reportFile, markdownReport(result.run));
  await print(options.json ? jsonReport(result.run) : terminalReport(result.run, stdoutLook()));
  if (!options.json) complain(`report: ${reportFile}`);
  if (result.error !== null) process.exitCode = explain(result.error);
  else if (result.run.trials.some((trial) => trial.status !== 'ok')) process.exitCode = trialFailed;
}
