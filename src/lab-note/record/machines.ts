import { readSide } from '../command/side.ts';
import { isTracer } from '../command/tool-command.ts';
import type { ReadNote } from '../read-note.ts';
import type { CallsReading } from './calls-reading.ts';
import type { Placed } from './note-output.ts';

/** Counts of system calls with the VM whose VMM made them. */
export interface MachineCalls {
  /** `server`, `vm1`, `process 123`; null: nobody says which. */
  readonly machine: string | null;
  readonly reading: CallsReading;
}

/** The machine that some words name: its part (`server`), or its kind and number (`guest 1`). */
function machineOf(words: string): string | null {
  const side = readSide(words);
  if (side === null) return null;
  if (side.role !== null) return side.role;
  const number = side.number === null ? '' : ` ${String(side.number)}`;
  return side.place === null ? `machine${number}` : `${side.place}${number}`;
}

/** The process that the last tracer's command above the counts is attached to. */
function tracedProcess({ section, reading }: Placed<CallsReading>, { sections }: ReadNote): string | null {
  const line = reading.lines[0] ?? 0;
  const command = sections[section]?.commands.findLast((each) => each.line < line && isTracer(each));
  const [, pid = null] = /(?:\s-p\s?|--pid[= ]|\bpid\s*==\s*)(\d{1,8})\b/.exec(command?.text ?? '') ?? [];
  return pid === null ? null : `process ${pid}`;
}

type Teller = (calls: Placed<CallsReading>, note: ReadNote) => string | null;

const byCaption: Teller = ({ reading: { caption } }) => (caption === undefined ? null : machineOf(caption));
const byHeading: Teller = ({ section }, { sections }) => machineOf(sections[section]?.path.at(-1) ?? '');

/** What may tell counts apart, the nearest first. */
const tellers: readonly Teller[] = [
  byCaption,
  byHeading,
  (calls, note) => byCaption(calls, note) ?? byHeading(calls, note),
  tracedProcess,
];

/** Which machine's VMM each of the counts beside one output is of. Where nothing tells them apart, all are of one. */
export function machinesOf(calls: readonly Placed<CallsReading>[], note: ReadNote): MachineCalls[] {
  for (const teller of calls.length > 1 ? tellers : []) {
    const told = calls.map((each) => ({ machine: teller(each, note), reading: each.reading }));
    const names = new Set(told.map(({ machine }) => machine).filter((machine) => machine !== null));
    if (names.size > 1) return told;
  }
  return calls.map(({ reading }) => ({ machine: null, reading }));
}
