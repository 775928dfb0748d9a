import type { ReadNote } from '../read-note.ts';
import type { AnyReading, LatencyReading, TransferReading } from '../reading.ts';
import { divideReadings } from './divided-readings.ts';
import type { LeftOutList } from './left-out.ts';
import type { NoteOutput, Placed } from './note-output.ts';
import { withParts } from './output-parts.ts';
import { OutputPlaces } from './output-places.ts';
import { SharedCounts } from './shared-counts.ts';
import { hasRoles, type TransferWay } from './throughput-rows.ts';

function lineOf({ lines }: AnyReading): number {
  return lines[0] ?? 1;
}

function outputsOf({ section, reading }: Placed<TransferReading | LatencyReading>): NoteOutput[] {
  const ways: TransferWay[] = reading.kind === 'transfer' && hasRoles(reading.value) ? ['upload', 'download'] : [null];
  const line = lineOf(reading);
  return ways.map((way) => ({
    section,
    line,
    reading,
    way,
    servers: [],
    calls: [],
    sharedCalls: [],
    parts: [],
    exact: [],
    counted: null,
  }));
}

/** Server and client tell of the same run where their rates are near each other. */
function isSameRun(server: TransferReading, client: TransferReading): boolean {
  const most = ({ value }: TransferReading): number =>
    value.totals.reduce((sum, { bitsPerSecond }) => Math.max(sum, bitsPerSecond?.value ?? 0), 0);
  const [a, b] = [most(server), most(client)];
  return a === 0 || b === 0 || (a / b < 1.5 && b / a < 1.5);
}

/** Looks no further for the client of a server's output. */
const mostWaiting = 20;

/** Gives each server's output to the client's of the same section, in order. @returns those that have no client */
function pairServers(
  servers: readonly Placed<TransferReading>[],
  outputs: readonly NoteOutput[],
): Placed<TransferReading>[] {
  const waiting = new Map<number, TransferReading[]>();
  const byReading = new Map<TransferReading, NoteOutput[]>();
  for (const { section, reading, ...output } of outputs) {
    if (reading.kind !== 'transfer') continue;
    const known = byReading.get(reading) ?? [];
    if (known.length === 0) waiting.set(section, waiting.get(section) ?? []);
    if (known.length === 0) waiting.get(section)?.push(reading);
    byReading.set(reading, [...known, { section, reading, ...output }]);
  }
  return servers.filter(({ section, reading }) => {
    const clients = waiting.get(section) ?? [];
    const place = clients.slice(0, mostWaiting).findIndex((client) => isSameRun(reading, client));
    const [client] = place < 0 ? [] : clients.splice(place, 1);
    if (client === undefined) return true;
    for (const each of byReading.get(client) ?? []) each.servers.push(reading);
    return false;
  });
}

/** The runs of workloads in a note with what belongs to each. What belongs to none is listed. */
export function noteOutputs(note: ReadNote, leftOut: LeftOutList): NoteOutput[] {
  const { clients, servers, calls } = divideReadings(note, leftOut);
  const ofClients = clients.flatMap(outputsOf);
  const alone = pairServers(servers, ofClients);
  const printed = [...ofClients, ...alone.flatMap(outputsOf)].sort((a, b) => a.line - b.line);
  const outputs = withParts(note, printed, leftOut);
  const places = new OutputPlaces(note, outputs);
  const shared = new SharedCounts(places);
  for (const { section, reading } of calls) {
    const home = places.home(section, lineOf(reading));
    if (home === null)
      leftOut.addLines(
        reading.lines,
        `counts of ${reading.tool.name}`,
        'the note has no output of a workload that they belong to',
      );
    else if (shared.isShared(home, lineOf(reading))) {
      home.sharedCalls.push(reading);
      leftOut.addLines(
        reading.lines,
        `counts of ${reading.tool.name}`,
        'several outputs of this kind stand above them, and nothing says of which they are',
      );
    } else home.calls.push({ section, reading });
  }
  for (const [section, { exact, counted }] of note.sections.entries()) {
    for (const each of exact) {
      const own = places.nearest(section, each.line);
      if (own === null) leftOut.add(each.line, 'Exact: line', 'its section has no output that it belongs to');
      else own.exact.push(each);
    }
    for (const each of counted) {
      const own = places.home(section, each.line);
      if (own !== null) own.counted ??= each;
    }
  }
  return outputs;
}
