import type { NoteCommand } from './command/command.ts';
import { isTracer } from './command/tool-command.ts';
import type { AnyReading, OutputText, ToolName } from './reading.ts';

type Name = ToolName['name'];

/** Words that many programs begin an error with, and the tools that do. */
const shared: readonly (readonly [words: RegExp, tools: readonly Name[]])[] = [
  [/^ERROR: /, ['sockperf', 'bpftrace']],
  [/^(?:Error: |Failed to open |Couldn't )/, ['perf']],
];

/** What ran, in the order of the lines: a program, or the tool that printed an output. */
interface Ran {
  readonly line: number;
  readonly name: string;
}

function ranBy(command: NoteCommand): Ran {
  const isScript = isTracer(command) && command.program !== 'perf' && command.program !== 'strace';
  return { line: command.line, name: isScript ? 'bpftrace' : command.program };
}

function ownerOf(tools: readonly Name[], ran: Ran | undefined): Name | null {
  return tools.find((each) => each === ran?.name) ?? null;
}

/**
 * An error in words that many programs use is one of a tool only where that tool ran last: its command or its output stands above. Elsewhere it is a line that
 * is not understood.
 */
export function withFailureOwners(
  { readings, notUnderstood }: OutputText,
  commands: readonly NoteCommand[],
): OutputText {
  const isShared = (reading: AnyReading): boolean =>
    reading.kind === 'failure' && shared.some(([words]) => words.test(reading.value.message));
  if (!readings.some(isShared)) return { readings, notUnderstood };
  const outputs = readings.filter((reading) => reading.kind !== 'failure');
  const ran = [
    ...commands.map(ranBy),
    ...outputs.map(({ lines, tool }): Ran => ({ line: lines[0] ?? 0, name: tool.name })),
  ].sort((a, b) => a.line - b.line);
  const kept: AnyReading[] = [];
  const unread = [...notUnderstood];
  let next = 0;
  for (const reading of readings) {
    const words = reading.kind === 'failure' ? reading.value.message : '';
    const tools = shared.find(([pattern]) => pattern.test(words))?.[1];
    while ((ran[next]?.line ?? Infinity) < (reading.lines[0] ?? 0)) next += 1;
    const owner = tools === undefined ? null : ownerOf(tools, ran[next - 1]);
    if (tools === undefined) kept.push(reading);
    else if (owner === null) for (const line of reading.lines) unread.push({ line, text: words });
    else kept.push(reading.kind === 'failure' ? { ...reading, tool: { ...reading.tool, name: owner } } : reading);
  }
  return { readings: kept, notUnderstood: unread.sort((a, b) => a.line - b.line) };
}
