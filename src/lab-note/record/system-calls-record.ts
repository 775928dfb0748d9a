import { callKind } from '../../record/call-kind.ts';
import type { SystemCall, SystemCalls, ThreadCalls } from '../../record/probe-readings.ts';
import type { NoteCommand } from '../command/command.ts';
import { isTracer, tracesTool } from '../command/tool-command.ts';
import type { CallTableReading, MapReading, ThreadTablesReading, TracedThread } from '../reading.ts';
import type { CountedLine } from '../report-lines.ts';
import { notedCall } from './call-name.ts';
import type { CallsReading, RoleOf } from './calls-reading.ts';
import type { LeftOutList } from './left-out.ts';
import type { MachineCalls } from './machines.ts';
import { type MapCall, mapCalls } from './map-calls.ts';
import { onlyCalls, tracerNames } from './only-calls.ts';

export interface CallsOutput {
  readonly readings: readonly MachineCalls[];
  /** Commands of the section that the workload's own command stands in. */
  readonly commands: readonly NoteCommand[];
  /** Commands of the sections that the counts stand in. */
  readonly tracers: readonly NoteCommand[];
  /** What a report of tapbench says of the window; null elsewhere. */
  readonly counted: CountedLine | null;
  readonly roleOf: RoleOf;
}

/** How one tracer told it. */
type Told = Pick<SystemCalls, 'source' | 'sourceReason' | 'lostEvents' | 'isLowerBound'> & {
  readonly threads: readonly Omit<ThreadCalls, 'role'>[];
};

function systemCall(
  name: string,
  request: string | null,
  figures: { count: number; timeNs: number | null },
): SystemCall {
  return { name, request, kind: callKind(name, request), ...figures };
}

function threadsOfMaps(calls: readonly MapCall[]): Omit<ThreadCalls, 'role'>[] {
  const threads = new Map<string, { tid: null; name: string | null; calls: SystemCall[] }>();
  for (const { thread, threadKey, name, request, count, timeNs } of calls) {
    const known = threads.get(threadKey) ?? { tid: null, name: thread, calls: [] };
    known.calls.push(systemCall(name, request, { count, timeNs }));
    threads.set(threadKey, known);
  }
  return [...threads.values()];
}

function ofMaps(readings: readonly MapReading[], commands: readonly NoteCommand[], leftOut: LeftOutList): Told {
  const isNumbered = commands.some(({ text }) => /args(?:->|\.)id\b/.test(text));
  const calls = mapCalls({ prints: readings.map(({ value }) => value), isNumbered }, leftOut);
  const lost = readings.map(({ value }) => value.lostEvents?.value ?? null).filter((each) => each !== null);
  return {
    source: 'bpftrace',
    sourceReason: null,
    lostEvents: lost.length === 0 ? null : lost.reduce((sum, each) => sum + each, 0),
    ...(readings.some(({ value }) => value.isIncomplete) ? { isLowerBound: true } : {}),
    threads: threadsOfMaps(calls),
  };
}

/** A name that perf or strace could not tell is a number. */
function tableName(text: string): string {
  return notedCall(text)?.name ?? (/^\d/.test(text) ? `syscall_${text}` : text);
}

function threadOfTable({ name, tid, calls }: TracedThread): Omit<ThreadCalls, 'role'> {
  return {
    tid: tid?.value ?? null,
    name,
    calls: calls.map((call) => {
      const figures = { count: call.calls.value, timeNs: call.totalNs?.value ?? null };
      return systemCall(tableName(call.name), null, figures);
    }),
  };
}

const inTheNote = 'it is the tracer whose table the note has';

function ofTables({ value }: ThreadTablesReading): Told {
  return { source: 'perf-trace', sourceReason: inTheNote, lostEvents: null, threads: value.threads.map(threadOfTable) };
}

/** strace sums the kernel's CPU time of each call, and the time from entry to exit only with `-w`. */
function ofCallTable({ value, lines }: CallTableReading, isWall: boolean, leftOut: LeftOutList): Told {
  const counted = value.calls.filter(({ calls }) => calls !== null);
  if (counted.length < value.calls.length) leftOut.addLines(lines, 'table without counts', 'a record needs the counts');
  else if (!isWall) leftOut.addLines(lines, 'seconds of the table', 'they are CPU time unless the command has -w');
  const calls = counted.map((call) => {
    const timeNs = isWall ? (call.timeNs?.value ?? null) : null;
    return systemCall(tableName(call.name), null, { count: call.calls?.value ?? 0, timeNs });
  });
  return { source: 'strace', sourceReason: inTheNote, lostEvents: null, threads: [{ tid: null, name: null, calls }] };
}

function hasWallTimes(commands: readonly NoteCommand[]): boolean {
  return commands.some(({ program, argv }) => program === 'strace' && argv.some((word) => /^-\w*w/.test(word)));
}

function isMaps(reading: CallsReading): reading is MapReading {
  return reading.kind === 'bpf-maps';
}

type OneMachine = Omit<CallsOutput, 'readings'> & { readonly readings: readonly CallsReading[] };

/** The counts of one machine's VMM, or of a process of which nobody says more. */
function toldOfOne({ readings, commands: beside, tracers }: OneMachine, leftOut: LeftOutList): Told | null {
  const commands = [...tracers, ...beside];
  const maps = readings.filter(isMaps);
  const others = readings.filter((each) => each.kind !== 'bpf-maps');
  const ofBpftrace = maps.length === 0 ? null : ofMaps(maps, commands, leftOut);
  const isCounted = ofBpftrace !== null && ofBpftrace.threads.length > 0;
  const [table, ...rest] = isCounted ? [undefined, ...others] : others;
  for (const each of rest)
    leftOut.addLines(each?.lines ?? [], `table of ${each?.tool.name ?? ''}`, 'another tracer has counted the calls');
  if (table === undefined) return isCounted ? ofBpftrace : null;
  return table.kind === 'thread-tables' ? ofTables(table) : ofCallTable(table, hasWallTimes(commands), leftOut);
}

/** Counts of several machines' VMMs are never added up: each thread says whose it is. */
function told(output: CallsOutput, leftOut: LeftOutList): Told | null {
  const byMachine = Map.groupBy(output.readings, ({ machine }) => machine);
  const parts = [...byMachine].flatMap(([machine, calls]) => {
    const readings = calls.map(({ reading }) => reading);
    const one = toldOfOne({ ...output, readings }, leftOut);
    return one === null ? [] : [{ machine, one, lines: readings.flatMap(({ lines }) => lines) }];
  });
  const [first] = parts;
  if (first === undefined || byMachine.size === 1) return first?.one ?? null;
  const alike = parts.filter(({ machine, one, lines }) => {
    const why = machine === null ? 'nothing says of which VM they are' : 'another tracer has counted the other VM';
    const isAlike = machine !== null && one.source === first.one.source;
    if (!isAlike) leftOut.addLines(lines, `counts of ${one.source}`, why);
    return isAlike;
  });
  const lost = alike.map(({ one }) => one.lostEvents).filter((each) => each !== null);
  return {
    ...first.one,
    lostEvents: lost.length === 0 ? null : lost.reduce((sum, each) => sum + each, 0),
    ...(alike.some(({ one }) => one.isLowerBound) ? { isLowerBound: true } : {}),
    threads: alike.flatMap(({ machine, one }) =>
      one.threads.map((thread) => (machine === null ? thread : { ...thread, machine })),
    ),
  };
}

/** `strace -c` and `perf trace -s` count all calls unless their command says otherwise; a script of bpftrace may look for any. */
function unsaidNames(source: SystemCalls['source'], commands: readonly NoteCommand[]): 'all' | null {
  const program = source === 'strace' ? 'strace' : source === 'perf-trace' ? 'perf' : null;
  return program === null || commands.some((each) => each.program === program) ? null : 'all';
}

const tool = /^(?:iperf3?|sockperf)\b/;

/** What is left of it without the calls of the measuring tool itself: costs are those of the VMM. */
function withoutTool(
  read: Told | null,
  { readings, commands, tracers }: CallsOutput,
  leftOut: LeftOutList,
): Told | null {
  if (read === null) return null;
  const straces = [...tracers, ...commands].filter(({ program }) => program === 'strace');
  const isOfTool = read.source === 'strace' && straces.length > 0 && straces.every(tracesTool);
  const threads = isOfTool ? [] : read.threads.filter(({ name }) => name === null || !tool.test(name));
  if (threads.length === read.threads.length) return read;
  const lines = readings.flatMap(({ reading }) => reading.lines);
  leftOut.addLines(lines, 'calls of the measuring tool', 'a record has those of the VMM');
  return { ...read, threads };
}

/** The system calls that a note has for one measurement; null where no map or table counts any. `messages` and `bytes` are the report's own, if any. */
export function systemCallsRecord(output: CallsOutput, leftOut: LeftOutList): SystemCalls | null {
  const read = withoutTool(told(output, leftOut), output, leftOut);
  if (read === null || read.threads.every(({ calls }) => calls.length === 0)) return null;
  const { commands, tracers, counted, roleOf } = output;
  const threads = read.threads.map((thread) => ({
    ...thread,
    role: thread.name === null ? null : (roleOf(thread.name)?.role ?? null),
  }));
  const isBeside = commands.some(isTracer) && commands.some((each) => !isTracer(each));
  const names = tracerNames([...tracers, ...commands]) ?? unsaidNames(read.source, [...tracers, ...commands]);
  // tapbench's own tracer counts every call of the VMM.
  const isOwn = counted !== null && counted.source === 'bpftrace' && counted.mode === 'separate';
  return {
    ...read,
    ...(counted === null ? {} : { source: counted.source, sourceReason: counted.reason }),
    threads,
    mode: counted?.mode ?? (isBeside ? 'inline' : null),
    window: null,
    onlyCalls: onlyCalls(isOwn ? 'all' : names, threads),
    messages: counted?.roundTrips ?? null,
    bytes: counted?.payloadBytes ?? null,
  };
}
