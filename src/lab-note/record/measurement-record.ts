import type { TopologyName } from '../../record/experiment.ts';
import type { CommandRecord, MeasuredPart, WholeMeasurement } from '../../record/measurement.ts';
import type { NotePartValue } from '../../record/note-part.ts';
import type { RecordedWorkload } from '../../record/recorded-experiment.ts';
import { clientSide } from '../../record/topology.ts';
import { mainFigureOf } from '../../workload/questions.ts';
import type { NoteCommand } from '../command/command.ts';
import { exactPart } from '../exact-block.ts';
import type { ReadNote } from '../read-note.ts';
import type { RoleOf } from './calls-reading.ts';
import { withExactFigures } from './exact-figures.ts';
import { withExactParts } from './exact-measurement.ts';
import type { LeftOutList } from './left-out.ts';
import { machinesOf } from './machines.ts';
import type { NoteOutput } from './note-output.ts';
import type { OutputCommands } from './output-commands.ts';
import { type OutputFigures, outputFigures } from './output-figures.ts';
import { systemCallsRecord } from './system-calls-record.ts';
import { isHeadCut } from './workload-spec.ts';

export interface MeasurementSource {
  readonly note: ReadNote;
  readonly output: NoteOutput;
  readonly commands: OutputCommands;
  /** Commands near the counts of system calls. */
  readonly tracers: readonly NoteCommand[];
  readonly spec: RecordedWorkload;
  readonly topology: TopologyName | null;
  readonly roleOf: RoleOf;
}

export interface MeasurementRecord {
  readonly measurement: WholeMeasurement;
  /** Field to why it is null, or what it is instead. */
  readonly reasons: Readonly<Record<string, string>>;
}

/** Where a command ran: by its own words, else by what the topology says of its part. */
function endpointOf({ side }: NoteCommand, role: 'client' | 'server', topology: TopologyName | null): string {
  const number = side?.number === null || side?.number === undefined ? '' : ` ${String(side.number)}`;
  if (side !== null && side.place !== null) return topology === 'vm-to-vm' ? side.place + number : side.place;
  if (topology === 'vm-to-vm') return `guest${number}`;
  if (topology === 'host-to-host') return 'host';
  if (topology === null) return side === null ? 'not said' : side.text;
  return (clientSide[topology] === 'guest') === (role === 'client') ? 'guest' : 'host';
}

function commandRecord(
  command: NoteCommand | null,
  role: 'client' | 'server',
  topology: TopologyName | null,
): CommandRecord | null {
  if (command === null) return null;
  const argv = [...command.wrappers.flat(), ...command.argv];
  return { endpoint: endpointOf(command, role, topology), argv, exitStatus: null, files: [] };
}

/** A report knows where its commands ran, and how they ended. */
function asReported(
  command: CommandRecord | null,
  end: NotePartValue<'measurement'>['commands']['client'] | undefined,
): CommandRecord | null {
  return command === null || end === null || end === undefined ? command : { ...command, ...end };
}

function notMeasured(
  figures: OutputFigures,
  spec: RecordedWorkload,
  hasCalls: boolean,
): WholeMeasurement['notMeasured'] {
  const absent: [MeasuredPart, string][] = (
    ['link', 'hostCpu', 'guestResources', 'threads', 'kvmExits', 'vmmCounters', 'vmmErrors'] as const
  ).map((part) => [part, 'the note has none']);
  if (mainFigureOf(spec) === null) {
    const nothing = 'the note has counts of system calls alone';
    return Object.fromEntries([...absent, ['throughput', nothing], ['latency', nothing]]);
  }
  const isBulk = figures.latency === null && figures.throughput !== null;
  if (figures.throughput === null)
    absent.push([
      'throughput',
      figures.latency === null ? 'the note has no rate of all streams together' : 'a latency workload',
    ]);
  if (figures.latency === null) absent.push(['latency', isBulk ? 'a throughput workload' : 'the note has no latency']);
  if (!hasCalls) absent.push(['systemCalls', 'the note has no counts of system calls beside this output']);
  return Object.fromEntries(absent);
}

/** Where it stands in the note, and how sure its figures are. */
function notedOf({ note, output }: MeasurementSource, rounding: Record<string, number>): WholeMeasurement['noted'] {
  const { section, line, failure, reading } = output;
  return {
    section: [...(note.sections[section]?.path ?? [])],
    line,
    rounding,
    ...(failure === null ? {} : { failure }),
    ...(reading.kind === 'transfer' && isHeadCut(reading.value) ? { isHeadCut: true } : {}),
  };
}

/** One output of a note as a measurement, with its system calls. What becomes no figure of it is listed. */
export function measurementRecord(source: MeasurementSource, leftOut: LeftOutList): MeasurementRecord {
  const { note, output, commands, spec, topology, roleOf } = source;
  const figures = outputFigures(source, leftOut);
  const calls = systemCallsRecord(
    {
      readings: machinesOf(output.calls, note),
      commands: commands.beside,
      tracers: source.tracers,
      counted: output.counted,
      roleOf,
    },
    leftOut,
  );
  const reported = exactPart(output.parts, 'measurement')?.commands ?? null;
  const printed: WholeMeasurement = {
    workload: spec.name,
    spec,
    window: null,
    startedAt: null,
    commands: {
      server: asReported(commandRecord(commands.server, 'server', topology), reported?.server),
      client: asReported(commandRecord(commands.client, 'client', topology), reported?.client),
    },
    throughput: figures.throughput,
    latency: figures.latency,
    work: figures.work,
    systemCalls: calls,
    kvmExits: null,
    vmmCounters: null,
    vmmErrors: null,
    threads: [],
    link: null,
    hostCpu: null,
    guestResources: null,
    traced: null,
    consoleBytes: null,
    notMeasured: notMeasured(figures, spec, calls !== null),
    noted: notedOf(source, figures.rounding),
  };
  const measurement = withWorkOfCalls(withExactFigures(printed, output.exact, leftOut), output);
  return { measurement: withExactParts(measurement, output.parts, leftOut), reasons: figures.reasons };
}

/** Calls that were counted in the measured window, or nobody says where, are divided by the measurement's own work. */
function withWorkOfCalls(measurement: WholeMeasurement, { counted }: NoteOutput): WholeMeasurement {
  const { systemCalls, throughput, latency, work } = measurement;
  if (systemCalls === null || counted !== null) return measurement;
  const messages = latency === null ? null : (work.roundTrips ?? latency.messages ?? latency.receivedMessages);
  const bytes = throughput === null ? null : (throughput.bytes ?? throughput.sentBytes);
  return { ...measurement, systemCalls: { ...systemCalls, messages, bytes } };
}
