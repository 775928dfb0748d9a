import type { ReadNote } from '../read-note.ts';
import type { AnyReading, LatencyReading, TransferReading } from '../reading.ts';
import type { CallsReading } from './calls-reading.ts';
import { type Divided, divideReadings } from './divided-readings.ts';
import { takeFailures } from './failed-outputs.ts';
import type { LeftOutList } from './left-out.ts';
import { bareOutput, type NoteOutput, type Placed } from './note-output.ts';
import { withParts } from './output-parts.ts';
import { OutputPlaces } from './output-places.ts';
import { isLikelyServers, withoutClient } from './server-pairs.ts';
import { SharedCounts } from './shared-counts.ts';
import { hasRoles, type TransferWay } from './throughput-rows.ts';

function lineOf({ lines }: AnyReading): number {
  return lines[0] ?? 1;
}

function outputsOf({ section, reading }: Placed<TransferReading | LatencyReading>): NoteOutput[] {
  const ways: TransferWay[] = reading.kind === 'transfer' && hasRoles(reading.value) ? ['upload', 'download'] : [null];
  return ways.map((way) => ({ ...bareOutput({ section, reading }), way }));
}

/** The outputs of clients, and of servers whose clients' outputs the note does not have. */
function printedOutputs(note: ReadNote, { clients, servers }: Divided): NoteOutput[] {
  const named = clients.flatMap(({ section, reading }) =>
    reading.kind === 'transfer' && isLikelyServers({ section, reading }, note) ? [{ section, reading }] : [],
  );
  const ofServers = new Set<AnyReading>(named.map(({ reading }) => reading));
  const ofClients = clients.filter(({ reading }) => !ofServers.has(reading)).flatMap(outputsOf);
  const alone = withoutClient([...servers, ...named], { note, outputs: ofClients });
  return [...ofClients, ...alone.flatMap(outputsOf)].sort((a, b) => a.line - b.line);
}

/** Gives counts of system calls to the output that they belong to. @returns those that belong to none */
function countsAlone(calls: readonly Placed<CallsReading>[], places: OutputPlaces, leftOut: LeftOutList): NoteOutput[] {
  const shared = new SharedCounts(places);
  return calls.flatMap(({ section, reading }) => {
    const home = places.home(section, lineOf(reading));
    if (home === null) {
      const { tool, lines } = reading;
      const alone = bareOutput({ section, reading: { kind: 'counts-alone', tool, value: { protocol: null }, lines } });
      alone.calls.push({ section, reading });
      return [alone];
    }
    if (!shared.isShared(home, lineOf(reading))) {
      home.calls.push({ section, reading });
      return [];
    }
    home.sharedCalls.push(reading);
    const why = 'several outputs of this kind stand above them, and nothing says of which they are';
    leftOut.addLines(reading.lines, `counts of ${reading.tool.name}`, why);
    return [];
  });
}

function takeReportLines(note: ReadNote, places: OutputPlaces, leftOut: LeftOutList): void {
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
}

/** The runs of workloads in a note with what belongs to each. What belongs to none is listed. */
export function noteOutputs(note: ReadNote, leftOut: LeftOutList): NoteOutput[] {
  const divided = divideReadings(note, leftOut);
  const outputs = withParts(note, printedOutputs(note, divided), leftOut);
  takeFailures(divided.failures, outputs, leftOut);
  const places = new OutputPlaces(note, outputs);
  const alone = countsAlone(divided.calls, places, leftOut);
  takeReportLines(note, places, leftOut);
  return [...outputs, ...alone].sort((a, b) => a.line - b.line);
}
