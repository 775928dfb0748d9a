import type { NoteCommand } from '../command/command.ts';
import { type BulkCommand, type RequestCommand, toolCommand } from '../command/tool-command.ts';
import type { ReadNote } from '../read-note.ts';
import type { TransferReading } from '../reading.ts';
import { firstFrom } from './in-order.ts';
import type { NoteOutput, WorkloadReading } from './note-output.ts';
import { SectionTree } from './section-tree.ts';

export type Asked = BulkCommand | RequestCommand;

/** The commands that made an output, as far as the note shows them. */
export interface OutputCommands {
  readonly client: NoteCommand | null;
  readonly server: NoteCommand | null;
  /** What the client's command asks for. */
  readonly asked: Asked | null;
  /** The commands around the client's in its section; those around the output in its own where it has none. */
  readonly beside: readonly NoteCommand[];
}

interface ToolCall {
  readonly command: NoteCommand;
  readonly asked: Asked;
}

function toolCall(command: NoteCommand): ToolCall[] {
  const asked = toolCommand(command);
  return asked === null ? [] : [{ command, asked }];
}

/** What an excerpt is told of the two generations of iperf is less sure than a command. */
function isOfTool({ asked }: ToolCall, { reading }: NoteOutput): boolean {
  if (reading.kind === 'counts-alone') return false;
  return asked.kind === (reading.kind === 'transfer' ? 'bulk' : 'request');
}

const placeholder = /^<[^>]+>\w?$|^\{[^}]+\}$/;

/** A pattern to fill in, for several streams, above an output of a single one. */
function isPatternOfOther({ asked, command: { argv } }: ToolCall, { value }: TransferReading): boolean {
  if (asked.kind !== 'bulk' || (asked.streams ?? 1) < 2 || !argv.some((word) => placeholder.test(word))) return false;
  const streams = new Set(value.totals.map(({ stream }) => stream));
  return !value.beginsInTable && streams.size === 1 && value.totals.every(({ isSum }) => !isSum);
}

/** The client's own view of its connections: a server's may be behind another port. */
function isOfOtherPort({ port }: BulkCommand, { value: { side, connections } }: TransferReading): boolean {
  const ports = connections.map(({ remotePort }) => remotePort).filter((each) => each !== null);
  return side === 'client' && port !== null && ports.length > 0 && !ports.includes(port);
}

function agrees({ asked, command }: ToolCall, { reading, parts }: NoteOutput): boolean {
  // In a report they stand beside each other.
  if (parts.length > 0) return true;
  if (reading.value.protocol !== null && reading.value.protocol !== asked.protocol) return false;
  if (asked.kind === 'request') {
    if (reading.kind !== 'latency' || asked.role === 'server') return true;
    const { mode } = reading.value;
    const isPlayback = /^(?:playback|pb)$/.test(command.argv[1] ?? '');
    return mode === null ? asked.mode !== null || isPlayback : mode === (asked.mode ?? 'playback');
  }
  if (reading.kind === 'transfer') {
    if (reading.value.direction === 'reverse' && asked.direction === 'upload') return false;
    if (asked.role === 'client' && isOfOtherPort(asked, reading)) return false;
    if (isPatternOfOther({ asked, command }, reading)) return false;
  }
  return reading.tool.version === null || reading.tool.name === asked.tool;
}

/** A run is as long as its command asks, or ended early: a command of another section is of another run where the output is longer. */
const mostOver = 1.5;

function lengthsOf(reading: WorkloadReading): number[] {
  if (reading.kind === 'transfer') return reading.value.totals.map(({ stopNs }) => stopNs.value);
  return reading.kind === 'latency' ? [reading.value.valid?.durationNs.value ?? 0] : [];
}

function isAsLong({ asked }: ToolCall, { reading }: NoteOutput): boolean {
  const longest = lengthsOf(reading).reduce((most, each) => Math.max(most, each), 0);
  return asked.durationNs === null || longest <= asked.durationNs * mostOver;
}

/** What running text speaks of below an output may be of something else. */
function mayBeNth(call: ToolCall, output: NoteOutput): boolean {
  return agrees(call, output) && (!call.command.isMentioned || call.command.line < output.line);
}

/** A command and its output stand in one block where no more lines are between them than a fence needs. */
const mostToOutput = 2;
/** Outputs of one call follow each other, or a blank line stands between: words between them name another run, and fences another block. */
const mostInBlock = 2;
/** A tracer stands beside a tool within a few commands. */
const mostBeside = 40;

/** Its own command stands within as many calls of measuring tools. */
const mostLookedAt = 200;

function isOfOutputAbove({ command }: ToolCall, { line }: NoteOutput): boolean {
  return command.isBelowOutput === true && command.line < line;
}

function isServers({ reading }: NoteOutput): boolean {
  return reading.kind === 'transfer' && (reading.value.isServerOutput || reading.value.side === 'server');
}

/** Finds the commands of outputs: in their section, around it, or near it. */
export class CommandFinder {
  readonly #note: ReadNote;
  readonly #tree: SectionTree;
  readonly #calls: readonly (readonly ToolCall[])[];
  /** Those that running text or a heading speaks of: they may be of something else, and count where there are no others. */
  readonly #mentions: readonly (readonly ToolCall[])[];
  /** Those that stand below their output and say so. */
  readonly #belows: readonly (readonly ToolCall[])[];
  /** Clients' commands of a section by kind, its outputs of that kind, and which of them an output is. */
  readonly #clients = new Map<string, ToolCall[]>();
  readonly #outputs = new Map<string, NoteOutput[]>();
  /** Whether the commands of a section are those of its outputs, one by one. */
  readonly #inOrder = new Map<string, boolean>();
  /** Commands of a section that are of any of its outputs. */
  readonly #common = new Map<string, readonly ToolCall[]>();
  /** Where the last output of a kind begins in its section. */
  readonly #lastLines = new Map<string, number>();
  readonly #places = new Map<NoteOutput['reading'], number>();
  /** Sections with an output of a client: their commands are of those. */
  readonly #clientSections: ReadonlySet<number>;

  constructor(note: ReadNote, outputs: readonly NoteOutput[]) {
    this.#note = note;
    this.#tree = new SectionTree(note.sections);
    const ofClients = outputs.filter((output) => output.reading.kind === 'transfer' && !isServers(output));
    this.#clientSections = new Set(ofClients.map(({ section }) => section));
    const calls = note.sections.map(({ commands }) => commands.flatMap(toolCall));
    this.#calls = calls.map((own) => own.filter(({ command }) => !command.isMentioned));
    this.#belows = this.#calls.map((own) => own.filter(({ command }) => command.isBelowOutput === true));
    this.#mentions = calls.map((own) => own.filter(({ command }) => command.isMentioned));
    for (const output of outputs) {
      if (output.way === 'download') continue;
      const key = this.#key(output);
      const before = this.#outputs.get(key) ?? [];
      this.#places.set(output.reading, before.length);
      this.#lastLines.set(key, Math.max(output.line, this.#lastLines.get(key) ?? 0));
      if (before.length === 0) {
        const isClients = (call: ToolCall): boolean => call.asked.role === 'client' && isOfTool(call, output);
        const clients = this.#calls[output.section]?.filter(isClients) ?? [];
        const mentions = this.#mentions[output.section]?.filter(isClients) ?? [];
        this.#clients.set(key, clients.length > 0 ? clients : mentions);
        this.#outputs.set(key, before);
      }
      before.push(output);
    }
  }

  #key({ section, reading }: NoteOutput): string {
    return `${String(section)} ${reading.kind}`;
  }

  of(output: NoteOutput): OutputCommands {
    const found = this.#find(output, 'client');
    // The server of another run, whose client the note does not have.
    const isOfOther = found !== null && isServers(output) && this.#clientSections.has(found.section);
    const client = isOfOther ? null : found;
    const server = this.#serverOf(output, client?.call);
    const home = client?.section ?? output.section;
    return {
      client: client?.call.command ?? null,
      server: server?.call.command ?? null,
      asked: client?.call.asked ?? null,
      beside: this.near(home, client?.call.command.line ?? output.line),
    };
  }

  /** iperf 2 and iperf3 do not talk to each other. */
  #serverOf(output: NoteOutput, client: ToolCall | undefined): { call: ToolCall } | null {
    const server = this.#find(output, 'server');
    if (client?.asked.kind !== 'bulk' || server?.call.asked.kind !== 'bulk') return server;
    return client.asked.tool === server.call.asked.tool ? server : null;
  }

  /** The commands of a section that stand near a line. */
  near(section: number, line: number): readonly NoteCommand[] {
    const all = this.#note.sections[section]?.commands ?? [];
    if (all.length <= mostBeside) return all;
    const place = firstFrom(all, (command) => command.line, line);
    return all.slice(Math.max(0, place - mostBeside / 2), place + mostBeside / 2);
  }

  #find(output: NoteOutput, role: Asked['role']): { call: ToolCall; section: number } | null {
    const fits = (call: ToolCall): boolean =>
      call.asked.role === role && isOfTool(call, output) && agrees(call, output) && !isOfOutputAbove(call, output);
    if (role === 'client' && this.#isOpen(output, fits)) return null;
    const own = this.#inSection(output, fits) ?? this.#nearest(this.#mentions[output.section] ?? [], output, fits);
    if (own !== undefined) return { call: own, section: output.section };
    // A report has the commands of a measurement beside it.
    if (output.parts.length > 0) return null;
    const [, ...around] = this.#tree.enclosing(output.section);
    const fitsFromAfar = (call: ToolCall): boolean => fits(call) && isAsLong(call, output);
    return this.#last(around, fitsFromAfar) ?? this.#last(this.#neighbours(output.section), fitsFromAfar);
  }

  /** Sections near to it that have a call. */
  #neighbours(section: number): number[] {
    return this.#tree.neighbours(
      section,
      (at) => (this.#calls[at]?.length ?? 0) > 0 || (this.#mentions[at]?.length ?? 0) > 0,
    );
  }

  #last(sections: readonly number[], fits: (call: ToolCall) => boolean): { call: ToolCall; section: number } | null {
    for (const section of sections) {
      const call = this.#calls[section]?.findLast(fits) ?? this.#mentions[section]?.findLast(fits);
      if (call !== undefined) return { call, section };
    }
    return null;
  }

  /** As many commands as outputs, which agree one by one: each has its own, in order. Else the nearest. */
  #inSection(output: NoteOutput, fits: (call: ToolCall) => boolean): ToolCall | undefined {
    const below = this.#below(output, fits);
    if (below !== undefined) return below;
    const key = this.#key(output);
    const place = this.#places.get(output.reading) ?? 0;
    const inOrder = this.#isInOrder(key) ? this.#clients.get(key)?.[place] : undefined;
    if (inOrder !== undefined && fits(inOrder)) return inOrder;
    return this.#nearest(this.#calls[output.section] ?? [], output, fits);
  }

  /** The command that says so itself, where no further output stands between. */
  #below(output: NoteOutput, fits: (call: ToolCall) => boolean): ToolCall | undefined {
    const belows = this.#belows[output.section] ?? [];
    const call = belows[firstFrom(belows, ({ command }) => command.line, output.line + 1)];
    if (call === undefined || !fits(call)) return undefined;
    const outputs = this.#outputs.get(this.#key(output)) ?? [];
    const next = outputs[firstFrom(outputs, ({ line }) => line, output.line + 1)];
    return next === undefined || call.command.line < next.line ? call : undefined;
  }

  /** Several commands may be this output's, and nobody says which. */
  #isOpen(output: NoteOutput, fits: (call: ToolCall) => boolean): boolean {
    const key = this.#key(output);
    const common = this.#common.get(key) ?? this.#commonCalls(key);
    this.#common.set(key, common);
    return new Set(common.filter(fits).map(({ command }) => command.argv.join(' '))).size > 1;
  }

  /** The clients' commands that stand above all outputs of several, where none stands between these and they are not theirs one by one. */
  #commonCalls(key: string): readonly ToolCall[] {
    const [clients, outputs] = [this.#clients.get(key) ?? [], this.#outputs.get(key) ?? []];
    const [first, last] = [outputs[0]?.line ?? 0, outputs.at(-1)?.line ?? 0];
    const hasBetween = clients.some(({ command }) => command.line >= first && command.line < last);
    if (outputs.length < 2 || hasBetween || this.#isInOrder(key)) return [];
    return clients.filter(({ command }) => command.line < first).slice(-mostLookedAt);
  }

  #isInOrder(key: string): boolean {
    const known = this.#inOrder.get(key);
    if (known !== undefined) return known;
    const [clients, outputs] = [this.#clients.get(key) ?? [], this.#outputs.get(key) ?? []];
    const isInOrder =
      clients.length === outputs.length &&
      outputs.every((output, place) => clients[place] !== undefined && mayBeNth(clients[place], output));
    this.#inOrder.set(key, isInOrder);
    return isInOrder;
  }

  /** The call stands right above another output, and this one further down, behind words or in a block of its own. */
  #isOfOther({ command, asked }: ToolCall, output: NoteOutput): boolean {
    if (asked.role === 'server') return false;
    const outputs = this.#outputs.get(this.#key(output)) ?? [];
    const own = outputs[firstFrom(outputs, ({ line }) => line, command.lastLine + 1)];
    if (own === undefined || own.line - command.lastLine > mostToOutput || own.reading === output.reading) return false;
    return output.line - (own.reading.lines.at(-1) ?? own.line) > mostInBlock;
  }

  /** The last one above the output that fits, else the first below all outputs: one between two outputs is of the second. */
  #nearest(calls: readonly ToolCall[], output: NoteOutput, fits: (call: ToolCall) => boolean): ToolCall | undefined {
    const lineOf = ({ command }: ToolCall): number => command.line;
    const at = firstFrom(calls, lineOf, output.line);
    const above = calls
      .slice(Math.max(0, at - mostLookedAt), at)
      .findLast((call) => fits(call) && !this.#isOfOther(call, output));
    if (above !== undefined) return above;
    const last = this.#lastLines.get(this.#key(output)) ?? output.line;
    const server = calls.slice(at, at + mostLookedAt).find((call) => call.asked.role === 'server' && fits(call));
    // Who writes commands above outputs writes none below.
    const isClients = (call: ToolCall): boolean => call.asked.role === 'client' && isOfTool(call, output);
    if (server !== undefined || calls.slice(Math.max(0, at - mostLookedAt), at).some(isClients)) return server;
    const behind = firstFrom(calls, lineOf, last + 1);
    return calls.slice(behind, behind + mostLookedAt).find(fits);
  }
}
