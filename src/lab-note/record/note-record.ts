import type { RecordedConfiguration } from '../../record/recorded-experiment.ts';
import { type RunEnd, type RunHeader, schemaVersion } from '../../record/run.ts';
import type { WholeTrial } from '../../record/trial.ts';
import type { ReadNote, ReadSection } from '../read-note.ts';
import { topologyOf } from '../topology/heading-topology.ts';
import { topologyOfSides } from '../topology/side-topology.ts';
import type { RoleOf } from './calls-reading.ts';
import { noteConfigurations, type ToldOutput } from './configurations.ts';
import { type HeadingFacts, HeadingReader } from './heading-facts.ts';
import { LeftOutList } from './left-out.ts';
import { machinesOf } from './machines.ts';
import { measurementRecord } from './measurement-record.ts';
import { headerOf, recordedConfiguration } from './note-header.ts';
import type { NoteOrigin } from './note-origin.ts';
import { noteOutputs } from './note-outputs.ts';
import { gatheredTrial, type RecordedTrialParts, trialIdOf, trialsOf, workloadsOf } from './note-trials.ts';
import { notedMachine } from './noted-machine.ts';
import { CommandFinder, type OutputCommands } from './output-commands.ts';
import { reportedOutput } from './reported-output.ts';
import { systemCallsRecord } from './system-calls-record.ts';
import { threadFacts } from './thread-facts.ts';
import { type FoundVmm, VmmFinder } from './vmm-finder.ts';
import { type NamedOutput, namedOutputs } from './workload-names.ts';

export type { NoteOrigin } from './note-origin.ts';

/** A lab note as what the store keeps of a run. */
export interface NoteRecord {
  readonly header: RunHeader;
  readonly trials: WholeTrial[];
  readonly ends: RunEnd[];
}

/** What its headings say. Where the client's command stands on the other side, only the section's own heading counts for more than the command. */
function topologyOfSection(
  { topology, line, path }: ReadSection,
  { client }: OutputCommands,
  leftOut: LeftOutList,
): ReadSection['topology'] {
  const place = client?.side?.place ?? null;
  const ofClient = topology === null ? null : topology.startsWith('vm-') ? 'guest' : 'host';
  if (place === null || ofClient === null || place === ofClient) return topology;
  if (topologyOf(path.slice(-1)).topology !== null) {
    leftOut.add(client?.line ?? line, `side of a client's command: ${place}`, `its heading says ${String(topology)}`);
    return topology;
  }
  leftOut.add(line, `heading that says ${String(topology)}`, `the client's command says that it ran on the ${place}`);
  return null;
}

/** Counts by themselves are a measurement only where they are counts of system calls. */
function hasRecord({ output, commands, tracers }: ToldOutput, { note, roleOf }: CallsPlace): boolean {
  if (output.reading.kind !== 'counts-alone' || output.parts.length > 0) return true;
  const readings = machinesOf(output.calls, note);
  const source = { readings, commands: commands.beside, tracers, counted: output.counted, roleOf };
  return systemCallsRecord(source, new LeftOutList()) !== null;
}

/** A title may name one of the VMMs that a note compares: their command lines tell whose an output is. */
function withNearVmm(facts: HeadingFacts, { said, isNearest }: FoundVmm, tell: Tell): HeadingFacts {
  if (!isNearest || facts.vmm === null || facts.vmm === said?.kind) return facts;
  const which = said === null ? 'command lines of several VMMs stand' : `a command line of ${said.kind} stands`;
  tell(`VMM that a heading names: ${facts.vmm}`, `${which} above the output`);
  return { ...facts, vmm: said?.kind ?? null };
}

const noVmm: FoundVmm = { said: null, isNearest: false };

type Tell = (what: string, why: string) => void;

interface CallsPlace {
  readonly note: ReadNote;
  readonly roleOf: RoleOf;
}

function toldOutputs(note: ReadNote, { roleOf }: NoteOrigin, leftOut: LeftOutList): ToldOutput[] {
  const outputs = noteOutputs(note, leftOut);
  const finder = new CommandFinder(note, outputs);
  const vmms = new VmmFinder(note, outputs);
  const headings = new HeadingReader(note);
  return outputs.map((output) => {
    const section = note.sections[output.section];
    const commands = finder.of(output);
    const bySides = topologyOfSides(commands.client?.side ?? null, commands.server?.side ?? null);
    const byWords = output.reading.topology ?? null;
    const byHeading =
      section === undefined || byWords !== null ? byWords : topologyOfSection(section, commands, leftOut);
    const reported = reportedOutput(output, headings.of({ path: section?.path ?? [] }), leftOut);
    // A report says it in its exact parts.
    const vmm = reported.origin === null ? vmms.of(output) : noVmm;
    const tell: Tell = (what, why) => {
      leftOut.add(section?.line ?? output.line, what, why);
    };
    return {
      output,
      commands,
      tracers: output.calls.flatMap(({ section: at, reading }) => finder.near(at, reading.lines[0] ?? 1)),
      facts: withNearVmm(reported.facts, vmm, tell),
      topology: byHeading ?? (reported.origin === null ? bySides : reported.origin.topology),
      threads: reported.threads ?? threadFacts(output, roleOf),
      said: vmm.said,
      otherHeading: section?.otherHeading ?? null,
    };
  });
}

/**
 * A lab note as ordinary records: a run with a configuration for each choice that the note tells apart, a trial for each of its boots and a
 * measurement for each output. What the note does not say is null with the reason in `notSaid`; what it says and no figure holds is listed in
 * `source.leftOut`. Pure, and never throws.
 */
export function noteRecord(note: ReadNote, of: NoteOrigin): NoteRecord {
  const leftOut = new LeftOutList();
  const told = toldOutputs(note, of, leftOut);
  const outputs = told.filter((each) => hasRecord(each, { note, roleOf: of.roleOf }));
  const recorded = new Set(outputs);
  for (const { output } of told.filter((each) => !recorded.has(each))) {
    const { tool, lines } = output.reading;
    leftOut.addLines(
      lines,
      `counts of ${tool.name}`,
      'none is of a system call by its name, or they are of a measuring tool',
    );
  }
  const named = new Map(
    namedOutputs(outputs, (section) => note.sections[section]?.path ?? [], leftOut).map((each) => [each.told, each]),
  );
  const first = outputs.some(({ facts }) => facts.boot === 0) ? 0 : 1;
  const configurations: RecordedConfiguration[] = [];
  const parts: { trial: RecordedTrialParts; configuration: RecordedConfiguration; otherHeading: string | null }[] = [];
  for (const each of noteConfigurations(outputs)) {
    const own = each.outputs.map((told) => named.get(told)).filter((one) => one !== undefined);
    const record = ({ told, spec }: NamedOutput): ReturnType<typeof measurementRecord> => {
      const { output, commands, tracers } = told;
      return measurementRecord(
        { note, output, commands, tracers, spec, topology: each.topology, roleOf: of.roleOf },
        leftOut,
      );
    };
    const trials = trialsOf(own, first, record);
    const configuration = recordedConfiguration(each, workloadsOf(trials), notedMachine(each, leftOut));
    configurations.push(configuration);
    const [{ otherHeading } = { otherHeading: null }] = each.outputs;
    parts.push(...trials.map((trial) => ({ trial, configuration, otherHeading })));
  }
  parts.sort((a, b) => a.trial.boot - b.trial.boot);
  const plan = parts.map(({ trial: { boot }, configuration: { name } }, place) => ({
    trialId: trialIdOf(place + 1, name, boot),
    configuration: name,
    block: boot,
    boot,
  }));
  const trials = parts.flatMap(({ trial, configuration, otherHeading }, place) => {
    const planned = plan[place];
    return planned === undefined
      ? []
      : [gatheredTrial(planned, trial, { configuration, otherHeading, runId: of.runId })];
  });
  const end = { schemaVersion, status: 'done', stoppedBy: null, endedAt: of.readAt, overhead: null } as const;
  return { header: headerOf(note, of, { configurations, plan, leftOut }), trials, ends: [end] };
}
