import { existsSync } from 'node:fs';
import { z } from 'zod';
import { cacheFolder } from '../../host/folders.ts';
import { findProgram } from '../../host/program.ts';
import { demandTracing } from '../../preflight/tracing.ts';
import type { SystemCallCounts } from '../../probe/system-calls/counts.ts';
import { TapbenchError } from '../../record/error.ts';
import { jsonText } from '../../report/text/printable.ts';
import { traceReport } from '../../report/trace-report.ts';
import { traceProcess } from '../../run/trace-process.ts';
import { readDuration } from '../../written/quantity.ts';
import { interrupts } from '../interrupts.ts';
import { readOptions } from '../options.ts';
import { complain, hasReaderGone, print } from '../output.ts';
import { progressFor } from '../progress/progress.ts';
import { stdoutLook } from '../terminal.ts';

const schema = z.object({
  duration: z.string().optional(),
  interval: z.string(),
  traceTiming: z.boolean().default(false),
  json: z.boolean().default(false),
});

function durationOf(flag: string, text: string): number {
  const reading = readDuration(text);
  if ('value' in reading) return reading.value;
  throw new TapbenchError('USAGE', `${flag} ${text}: ${reading.mistake}`);
}

function pidOf(text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new TapbenchError('USAGE', `${JSON.stringify(text)} is no process id`);
  if (existsSync(`/proc/${text}`)) return Number(text);
  throw new TapbenchError('USAGE', `there is no process ${text}`);
}

async function show(title: string, counts: SystemCallCounts, isJson: boolean): Promise<void> {
  if (isJson) {
    const { source, elapsedNs, lostEvents, threads, kvm } = counts;
    await print(jsonText({ title, source, elapsedNs, lostEvents, threads, kvm }));
    return;
  }
  const rows = counts.threads.flatMap(({ name, calls }) =>
    calls.map(({ name: call, request, count, timeNs }) => ({ thread: name, role: null, call, request, count, timeNs })),
  );
  await print(traceReport(rows, { title, durationNs: counts.elapsedNs, ...stdoutLook() }));
  if (counts.lostEvents !== null && counts.lostEvents > 0)
    complain(`tapbench: ${String(counts.lostEvents)} events were lost: the counts are too low`);
}

/** Tries the tracer before it is attached to what is not ours. @throws TapbenchError `HOST_INCAPABLE` */
async function tried(isTimed: boolean, signal: AbortSignal): Promise<void> {
  using progress = await progressFor(false);
  const bpftrace = await findProgram('bpftrace', { cacheFolder: cacheFolder() });
  await demandTracing({ bpftrace, isTimed, canRecall: true, signal }, progress.onProgress);
}

/** `tapbench trace` */
export async function traceCommand(pidText: string, given: object): Promise<void> {
  const options = readOptions(schema, given);
  const pid = pidOf(pidText);
  const intervalNs = options.interval === '0' ? null : durationOf('--interval', options.interval);
  const durationNs = options.duration === undefined ? null : durationOf('--duration', options.duration);
  using interrupted = interrupts();
  await tried(options.traceTiming, interrupted.signal);
  const readerGone = new AbortController();
  let number = 0;
  const total = await traceProcess({
    pid,
    isTimed: options.traceTiming,
    durationNs,
    intervalNs,
    signal: AbortSignal.any([interrupted.signal, readerGone.signal]),
    onAttached: () => {
      complain(`tracing process ${pidText}${durationNs === null ? '; end with Ctrl-C' : ''}`);
    },
    onInterval: async (counts) => {
      number += 1;
      await show(`interval ${String(number)}`, counts, options.json);
      if (hasReaderGone()) readerGone.abort();
    },
  });
  await show('total', total, options.json);
}
