import { type FileHandle, open } from 'node:fs/promises';
import { ParseError } from '../../../record/error.ts';
import { SortedRoundTrips } from '../../output/message-statistics.ts';
import { fullLogName, RowScanner } from './row-scanner.ts';

/** The line above the rows; parameters and the summary stand before it. With `--full-rtt` it differs: those logs are refused. */
const header = 'packet, txTime(sec), rxTime(sec), latency(usec)\n';
const chunkBytes = 1024 * 1024;
/** `0, 0.000000000, 0.000000000, 0.000` and a newline. */
const shortestRowBytes = 35;

function refuse(path: string, message: string, cause?: unknown): never {
  throw new ParseError({ file: fullLogName, path }, message, { cause });
}

async function opened(path: string): Promise<FileHandle> {
  try {
    return await open(path);
  } catch (cause) {
    return refuse('the file', 'it cannot be opened', cause);
  }
}

/**
 * Reads the round trips of every message from a log of `sockperf --full-log`. Warm-up and cool-down are not in it: its rows are the
 * messages of sockperf's `[Valid Duration]`.
 * @param messages how many the summary speaks of
 * @throws ParseError where the log is missing, truncated, malformed or has another number of rows
 */
export async function readFullLog(path: string, messages: number): Promise<SortedRoundTrips> {
  await using log = await opened(path);
  const { size } = await log.stat();
  // Before memory is taken for them.
  if (messages * shortestRowBytes > size)
    refuse('the end', `truncated: ${size} bytes cannot hold ${messages} messages`);
  const scanner = new RowScanner(messages);
  const buffer = Buffer.alloc(chunkBytes);
  let { bytesRead } = await log.read(buffer, 0, chunkBytes);
  const headerStart = buffer.subarray(0, bytesRead).indexOf(header);
  if (headerStart === -1) refuse('the start', 'there is no table of messages');
  scanner.scan(buffer.subarray(headerStart + header.length, bytesRead));
  while (!scanner.isEnded) {
    ({ bytesRead } = await log.read(buffer, 0, chunkBytes));
    if (bytesRead === 0) refuse(`row ${scanner.rows}`, 'truncated: the table has no end');
    scanner.scan(buffer.subarray(0, bytesRead));
  }
  if (scanner.rows !== messages)
    refuse('the end', `${scanner.rows} rows, but the summary speaks of ${messages} messages`);
  return new SortedRoundTrips(scanner.roundTripsNs);
}
