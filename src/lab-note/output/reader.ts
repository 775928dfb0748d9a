import type { AnyReading } from '../reading.ts';
import type { TextLine } from '../text-lines.ts';

/**
 * `taken`: it is part of this output; `weak`: it is, but others print such lines too (a rule, a time), so that it opens
 * no output by itself; `refused`: it is not; `new`: a further output of this tool begins with it.
 */
export type Taken = 'taken' | 'weak' | 'refused' | 'new';

/** Reads one output, line by line. What is no output of its tool it refuses, so that others are asked. */
export interface OutputReader {
  take(line: TextLine): Taken;
  /** The reader of the `new` output, where this one tells it something. */
  next?(): OutputReader;
  /** What was read; null where the lines taken say too little to be an output of the tool. */
  finish(): AnyReading | null;
}
