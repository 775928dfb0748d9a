import { toolCommand } from '../command/tool-command.ts';
import type { Figure } from '../figure.ts';
import type { ReadNote } from '../read-note.ts';
import type { TransferReading } from '../reading.ts';
import type { NoteOutput, Placed } from './note-output.ts';
import { SectionTree } from './section-tree.ts';
import { areTranslatedEnds } from './translated-ends.ts';

/** Looks no further for the client of a server's output. */
const mostWaiting = 20;
/** A client that prints what its server has counted prints it to as many digits. */
const sameCount = 1.02;
/** What was sent and what arrived of it. */
const sameRun = 1.5;
/** Ends of one run close their connection within a second of each other, and a little for long ones. */
const endsWithinNs = 1.5e9;
const endsWithinShare = 0.05;

function largest(values: readonly number[]): number {
  return values.reduce((most, each) => Math.max(most, each), 0);
}

function rateOf({ value }: TransferReading, of: (end: string | null) => boolean = () => true): number {
  return largest(value.totals.filter(({ end }) => of(end)).map(({ bitsPerSecond }) => bitsPerSecond?.value ?? 0));
}

function isNear(a: number, b: number, within: number): boolean {
  return a === 0 || b === 0 || (a / b <= within && b / a <= within);
}

/** Whether the two outputs are of the same connections; null where one of them does not say. */
function shareConnections(server: TransferReading, client: TransferReading): boolean | null {
  const ports = (reading: TransferReading, of: 'localPort' | 'remotePort'): Set<number> =>
    new Set(reading.value.connections.map((each) => each[of]).filter((port) => port !== null));
  const [theirs, own] = [ports(server, 'remotePort'), ports(client, 'localPort')];
  if (theirs.size === 0 || own.size === 0) return null;
  return [...theirs].some((port) => own.has(port));
}

function endOf({ value }: TransferReading): number {
  return largest(value.totals.map(({ stopNs }) => stopNs.value));
}

function areAsLong(a: TransferReading, b: TransferReading): boolean {
  const [first, second] = [endOf(a), endOf(b)];
  return first === 0 || second === 0 || Math.abs(first - second) <= endsWithinNs + endsWithinShare * first;
}

function areOfOneProtocol(a: TransferReading, b: TransferReading): boolean {
  return a.value.protocol === null || b.value.protocol === null || a.value.protocol === b.value.protocol;
}

/** Server and client tell of the same run: by their ports where both have them, else by tool, length and rate. */
function areOneRun(server: TransferReading, client: TransferReading): boolean {
  if (isTailOfServer(server)) return haveSameCounts(server, client);
  const shared = shareConnections(server, client);
  if (shared !== null) return shared;
  if (server.tool.name !== client.tool.name || !areAsLong(server, client) || !areOfOneProtocol(server, client))
    return false;
  const received = rateOf(client, (end) => end === 'receiver');
  return received > 0 ? isNear(rateOf(server), received, sameCount) : isNear(rateOf(server), rateOf(client), sameRun);
}

/** An output that names no side, and has only what a server would print. */
function mayBeServers({ value }: TransferReading): boolean {
  const { side, connections, totals } = value;
  const isClientsRow = totals.some(({ end }) => end === 'sender');
  return side === null && connections.length === 0 && totals.length > 0 && !isClientsRow;
}

const serverWords =
  /^\W*(?:(?:on|the|iperf[23]?|tcp|udp)\s+){0,3}(?:server|receiver|receiving)(?:[ -]?(?:side|end|output|log|logs|view|results?|report|node|machine|host|vm|pod))*\W*$/i;

/** The end of what a server of iperf3 printed, its head cut off: a client's last rows say what was sent, too. */
function isTailOfServer({ tool, value }: TransferReading): boolean {
  const { beginsInTable, intervals, totals, protocol } = value;
  const isReceivers = totals.length > 0 && totals.every(({ end }) => end === 'receiver');
  return tool.name === 'iperf3' && protocol !== 'udp' && beginsInTable && intervals.length > 0 && isReceivers;
}

function isSame(a: Figure | null | undefined, b: Figure | null | undefined): boolean {
  return a?.value !== undefined && b?.value !== undefined && Math.abs(a.value - b.value) <= a.halfUnit + b.halfUnit;
}

/** Both ends print what the receiver has counted, in the same order. */
function haveSameCounts(server: TransferReading, client: TransferReading): boolean {
  const [own, theirs] = [server, client].map(({ value }) => value.totals.filter(({ end }) => end === 'receiver'));
  if (own === undefined || own.length !== theirs?.length) return false;
  return own.every(
    ({ bytes, bitsPerSecond }, place) =>
      isSame(bytes, theirs[place]?.bytes) && isSame(bitsPerSecond, theirs[place]?.bitsPerSecond),
  );
}

/** Whether an output that names no side is a server's: by its rows, its heading, its caption, or the command above it. */
export function isLikelyServers({ section, reading }: Placed<TransferReading>, { sections }: ReadNote): boolean {
  if (!mayBeServers(reading)) return false;
  if (isTailOfServer(reading)) return true;
  const own = sections[section];
  if (serverWords.test(own?.path.at(-1) ?? '') || serverWords.test(reading.caption ?? '')) return true;
  const line = reading.lines[0] ?? 0;
  const above = own?.commands.findLast((command) => command.line < line && toolCommand(command) !== null);
  return above !== undefined && toolCommand(above)?.role === 'server';
}

/** The clients' outputs of a note that wait for the output of their server. */
class WaitingClients {
  readonly #sections: ReadNote['sections'];
  readonly #tree: SectionTree;
  readonly #bySection = new Map<number, TransferReading[]>();
  readonly #byPort = new Map<number, TransferReading>();
  readonly #outputs = new Map<TransferReading, NoteOutput[]>();

  constructor(note: ReadNote, outputs: readonly NoteOutput[]) {
    this.#sections = note.sections;
    this.#tree = new SectionTree(note.sections);
    for (const output of outputs) if (output.reading.kind === 'transfer') this.#add(output.reading, output);
  }

  #add(reading: TransferReading, output: NoteOutput): void {
    const known = this.#outputs.get(reading);
    // The two ways of one run are two outputs of one reading.
    if (known !== undefined) {
      known.push(output);
      return;
    }
    this.#outputs.set(reading, [output]);
    const own = this.#bySection.get(output.section) ?? [];
    own.push(reading);
    this.#bySection.set(output.section, own);
    for (const { localPort } of reading.value.connections) if (localPort !== null) this.#byPort.set(localPort, reading);
  }

  /** Gives a server's output to the client of the same run. @returns whether there is one */
  give({ section, reading }: Placed<TransferReading>): boolean {
    const candidates = this.#candidates(section, reading);
    const client =
      candidates.find((each) => areOneRun(reading, each)) ??
      this.#beside(section, reading).find((each) => candidates.includes(each) && areTranslatedEnds(reading, each));
    const outputs = client === undefined ? undefined : this.#outputs.get(client);
    const waiting = this.#bySection.get(outputs?.[0]?.section ?? -1);
    const place = client === undefined ? -1 : (waiting?.indexOf(client) ?? -1);
    if (outputs === undefined || place < 0) return false;
    waiting?.splice(place, 1);
    for (const each of outputs) each.servers.push(reading);
    return true;
  }

  /** The outputs right above and below it in its section. */
  #beside(section: number, reading: TransferReading): TransferReading[] {
    const all = (this.#sections[section]?.readings ?? []).filter((each) => each.kind === 'transfer');
    const place = all.indexOf(reading);
    return all.filter((_, at) => Math.abs(at - place) === 1);
  }

  /** Those of its ports; those of its section, in order; those of sections near it, as a server's output may have a heading of its own. */
  #candidates(section: number, { value }: TransferReading): TransferReading[] {
    const found = value.connections.flatMap(({ remotePort }) => this.#byPort.get(remotePort ?? -1) ?? []);
    const beside = [section + 1, section - 1];
    for (const place of [...this.#tree.enclosing(section), ...this.#tree.neighbours(section), ...beside]) {
      if (found.length >= mostWaiting) break;
      found.push(...(this.#bySection.get(place) ?? []).slice(0, mostWaiting));
    }
    return found;
  }
}

/** Gives each server's output to the client's of the same run. @returns those that have no client */
export function withoutClient(
  servers: readonly Placed<TransferReading>[],
  { note, outputs }: { readonly note: ReadNote; readonly outputs: readonly NoteOutput[] },
): Placed<TransferReading>[] {
  const clients = new WaitingClients(note, outputs);
  return servers.filter((server) => !clients.give(server));
}
