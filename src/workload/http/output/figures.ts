import { z } from 'zod';
import { firstComplaint } from '../../../record/complaint.ts';
import { ParseError, TapbenchError } from '../../../record/error.ts';
import { fitted } from '../../../record/fitted.ts';
import type { RawOutput } from '../../workload.ts';
import { figuresMark } from '../client.ts';

/** What the errors call the output. */
export const outputName = 'wrk';

const whole = z.int().nonnegative();

/** What the script of `client.ts` prints; times in us. */
const wrkFigures = z.object({
  /** Whole replies, those that came too late and those of a status above 399 among them. */
  requests: whole,
  bytes: whole,
  us: z.int().positive(),
  /** Of one request on the wire. */
  requestBytes: z.int().positive(),
  connect: whole,
  read: whole,
  write: whole,
  status: whole,
  timeout: whole,
  /** By how much a time is longer than the one before it, and how many requests took it, by turns. */
  times: z.array(whole),
});
export type WrkFigures = z.infer<typeof wrkFigures>;

function failedTool({ exitStatus }: RawOutput, said: string): TapbenchError {
  const status = exitStatus === null ? 'ended by a signal' : `exit status ${String(exitStatus)}`;
  return new TapbenchError('TOOL_FAILED', `wrk failed (${status}): ${said}`, {
    hint: 'The raw output of client and server is kept beside the trial.',
  });
}

function figuresLine(raw: RawOutput): unknown {
  const lines = raw.stdout.split('\n');
  // Without its line feed it is cut off.
  const line = lines.slice(0, -1).findLast((each) => each.startsWith(figuresMark));
  const refuse = (message: string, cause?: unknown): never => {
    throw new ParseError({ file: outputName, path: 'line of figures' }, message, { cause });
  };
  if (line === undefined) return refuse('missing or truncated');
  try {
    return JSON.parse(line.slice(figuresMark.length));
  } catch (cause) {
    return refuse('not JSON', cause);
  }
}

/**
 * The figures that wrk gave its script.
 * @throws TapbenchError `TOOL_FAILED` where it failed, or no request was answered
 * @throws ParseError where they are missing or truncated
 */
export function readWrkFigures(raw: RawOutput): WrkFigures {
  const said = firstComplaint(`${raw.stderr}\n${raw.exitStatus === 0 ? '' : raw.stdout}`);
  if (raw.exitStatus !== 0) throw failedTool(raw, said ?? 'it said nothing');
  const figures = fitted(wrkFigures, figuresLine(raw), outputName);
  const { requests, timeout, connect, read, write } = figures;
  if (requests - timeout > 0) return figures;
  const errors = `connect ${String(connect)}, read ${String(read)}, write ${String(write)}, timeout ${String(timeout)}`;
  throw failedTool(raw, said ?? `no request was answered in time (socket errors: ${errors})`);
}
