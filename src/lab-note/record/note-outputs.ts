import type { ReadNote } from '../read-note.ts';
import type { AnyReading, LatencyReading, TransferReading } from '../reading.ts';
import { divideReadings } from './divided-readings.ts';
import type { LeftOutList } from './left-out.ts';
import type { NoteOutput, Placed } from './note-output.ts';
import { withParts } from './output-parts.ts';
import { OutputPlaces } from './output-places.ts';
import { isNamedServer, withoutClient } from './server-pairs.ts';
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

/** The runs of workloads in a note with what belongs to each. What belongs to none is listed. */
export function noteOutputs(note: ReadNote, leftOut: LeftOutList): NoteOutput[] {
  const { clients, servers, calls } = divideReadings(note, leftOut);
  const isNamed = ({ section, reading }: (typeof clients)[number]): boolean =>
    reading.kind === 'transfer' && isNamedServer({ section, reading }, note);
  const ofClients = clients.filter((each) => !isNamed(each)).flatMap(outputsOf);
  const named = clients.flatMap(({ section, reading }) =>
    reading.kind === 'transfer' && isNamed({ section, reading }) ? [{ section, reading }] : [],
  );
  const alone = withoutClient([...servers, ...named], { note, outputs: ofClients });
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
