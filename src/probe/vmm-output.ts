import { closeSync, lstatSync, readSync } from 'node:fs';
import { openUntrusted } from '../lab/untrusted-file.ts';
import { TapbenchError } from '../record/error.ts';
import { type VmmErrors, vmmErrorLimits } from '../record/probe-readings.ts';
import { withoutTerminalCodes } from '../record/terminal-codes.ts';
import type { Probe } from './probe.ts';

/** A file that a VMM writes lines into, and which of them are errors. */
export interface OutputFile {
  readonly path: string;
  readonly isError: (line: string) => boolean;
}

/** Its length in bytes, in the order of the files. */
export type OutputLengths = readonly number[];

const newline = 0x0a;
const chunkBytes = 65_536;
/** How far back the beginning of a line is looked for that was under way at an edge. */
const longestLineBytes = 4_096;
/** Of one file in one window: what a VMM writes after that is not looked at. */
const mostBytes = 4 * 1024 ** 2;

function textOf(bytes: Buffer): string {
  return withoutTerminalCodes(bytes.toString())
    .replaceAll(/[\s\p{C}]+/gu, ' ')
    .trim();
}

function cut(line: string): string {
  const most = vmmErrorLimits.characters;
  return line.length <= most ? line : `${line.slice(0, most - 1)}…`;
}

/** Chunks of a file between two places. */
function* chunksOf(file: number, from: number, to: number): Generator<Buffer> {
  for (let at = from; at < to; ) {
    const chunk = Buffer.alloc(Math.min(chunkBytes, to - at));
    const length = readSync(file, chunk, 0, chunk.length, at);
    if (length === 0) return;
    yield chunk.subarray(0, length);
    at += length;
  }
}

/** Where the line begins that goes on at `at`. */
function lineStart(file: number, at: number): number {
  const from = Math.max(0, at - longestLineBytes);
  const [before] = chunksOf(file, from, at);
  const last = before?.lastIndexOf(newline) ?? -1;
  return last >= 0 ? from + last + 1 : from === 0 ? 0 : at;
}

/** The lines that ended between two places, each without what is beyond the longest line. */
function* linesBetween(file: number, from: number, to: number): Generator<string> {
  let rest = Buffer.alloc(0);
  for (const chunk of chunksOf(file, lineStart(file, from), to)) {
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      yield textOf(Buffer.concat([rest, chunk.subarray(start, end)]).subarray(0, longestLineBytes));
      rest = Buffer.alloc(0);
      start = end + 1;
    }
    rest = Buffer.concat([rest, chunk.subarray(start)]).subarray(0, longestLineBytes);
  }
}

/**
 * What a VMM says goes wrong, by the lengths of the files it writes into: reading these at the edges of a window tells which lines came in it, and
 * nobody has to wake up for a line while the window is open.
 */
export class VmmOutputProbe implements Probe<OutputLengths, VmmErrors> {
  readonly name = 'vmm-output';
  readonly #files: readonly OutputFile[];

  constructor(files: readonly OutputFile[]) {
    this.#files = files;
  }

  snapshot(): Promise<OutputLengths> {
    // A file that it has not made yet is empty.
    return Promise.resolve(this.#files.map(({ path }) => lstatSync(path, { throwIfNoEntry: false })?.size ?? 0));
  }

  /** A line counts where it ended. @throws TapbenchError `PROBE_FAILED` where a file became shorter or can't be read */
  difference(opening: OutputLengths, closing: OutputLengths): VmmErrors {
    let count = 0;
    const lines: string[] = [];
    for (const [index, { path, isError }] of this.#files.entries()) {
      for (const line of readBetween(path, opening[index] ?? 0, closing[index] ?? 0)) {
        if (line === '' || !isError(line)) continue;
        count += 1;
        if (lines.length < vmmErrorLimits.lines) lines.push(cut(line));
      }
    }
    return { count, lines };
  }
}

function* readBetween(path: string, from: number, to: number): Generator<string> {
  if (to < from) throw new TapbenchError('PROBE_FAILED', `${path} became shorter while the VMM wrote into it`);
  if (to === from) return;
  let file: number;
  try {
    file = openUntrusted(path);
  } catch (cause) {
    throw new TapbenchError('PROBE_FAILED', `${path} can't be read`, { cause });
  }
  try {
    yield* linesBetween(file, from, Math.min(to, from + mostBytes));
  } finally {
    closeSync(file);
  }
}
