import { expect } from 'vitest';
import type { Measurement } from '../../../src/record/measurement.ts';
import { type Run, run as runRecord } from '../../../src/record/run.ts';
import type { Trial } from '../../../src/record/trial.ts';
import type { Session } from './session.ts';

/** A run of a second of bulk traffic, untraced: the shortest whole one. */
export const shortRun = ['run', 'quick', '--duration', '1s', '--workload', 'iperf3', '--trace', 'off'] as const;

/** The run that a text of JSON is. @throws ZodError where it is none */
export function parseRun(text: string): Run {
  return runRecord.parse(JSON.parse(text));
}

/** The newest run of the session's store, through `show --json`. */
export async function latestRun(session: Session): Promise<Run> {
  const { stdout, stderr, exitStatus } = await session.run(['show', 'latest', '--json']);
  if (exitStatus !== 0) throw new Error(`show latest: ${stderr}`);
  return parseRun(stdout);
}

/** The only element. @throws Error where there are none or more */
export function only<T>(list: readonly T[]): T {
  const [first, ...rest] = list;
  if (first === undefined || rest.length > 0) throw new Error(`${String(list.length)} where one was expected`);
  return first;
}

/** The failed trial of a run of one boot, which was repeated and failed in the same way. */
export function failedTwice({ trials }: Run): Trial {
  const [first, second] = trials;
  const seen = trials.map(({ status, repeats, failure }) => ({ status, repeats, code: failure?.code }));
  const code = first?.failure?.code;
  expect(seen).toEqual([
    { status: 'failed', repeats: null, code },
    { status: 'failed', repeats: first?.trialId, code },
  ]);
  if (first === undefined || second === undefined) throw new Error('two trials were expected');
  return first;
}

export function measurementOf(trial: Trial, workload: string): Measurement {
  return only(trial.measurements.filter((measurement) => measurement.workload === workload));
}
