import type { CommandRecord } from '../../record/measurement.ts';
import { type NotePartName, type NotePartValue, notePartsLanguage } from '../../record/note-part.ts';
import { fenced } from '../markdown/escape.ts';
import type { MeasurementInTrial } from '../measurement/figures.ts';
import { jsonText } from '../text/printable.ts';

type Parts = { readonly [Name in NotePartName]?: NotePartValue<Name> | null };

/** Rows that all have the same fields as a table: the names once. */
function table(rows: readonly object[]): object {
  return { columns: Object.keys(rows[0] ?? {}), rows: rows.map((row): unknown[] => Object.values(row)) };
}

/** JSON on one line, which can't end a block of code. */
function plainJson(value: object): string {
  return jsonText(value).replaceAll('`', '\\u0060');
}

function endOf(command: CommandRecord | null): { endpoint: string; exitStatus: number | null } | null {
  return command === null ? null : { endpoint: command.endpoint, exitStatus: command.exitStatus };
}

function originOf({ trial, measurement }: MeasurementInTrial): NotePartValue<'measurement'> {
  const { configuration, vmm } = trial;
  const { commands } = measurement;
  return {
    configuration: configuration.name,
    topology: configuration.topology,
    vmm: vmm?.kind ?? configuration.vmm.kind,
    accel: vmm?.accel ?? configuration.vmm.accel,
    trial: trial.trialId,
    boot: trial.boot,
    workload: measurement.spec,
    commands: { server: endOf(commands.server), client: endOf(commands.client) },
    window: measurement.window,
    work: measurement.work,
    consoleBytes: measurement.consoleBytes,
    notMeasured: measurement.notMeasured,
    ...(measurement.underLoad === undefined ? {} : { underLoad: measurement.underLoad }),
  };
}

/** Null where a note says nothing of it. */
function machineOf({ trial }: MeasurementInTrial): NotePartValue<'machine'> | null {
  const { vmm, guest, nic, pairs, ceilingOf } = trial.configuration;
  const { vcpus, memoryBytes, options, server } = vmm;
  const isSaid = [vcpus, memoryBytes, guest, nic].some((value) => value !== null);
  if (!isSaid) return null;
  return {
    vcpus,
    memoryBytes,
    options,
    ...(server === undefined ? {} : { server }),
    guest,
    nic,
    ...(pairs === 1 ? {} : { pairs }),
    ...(ceilingOf === undefined ? {} : { ceilingOf }),
  };
}

function throughputParts({ throughput }: MeasurementInTrial['measurement']): Parts {
  if (throughput === null) return {};
  const { streams, intervals, ...figures } = throughput;
  return { throughput: figures, streams, intervals };
}

function latencyPart({ latency }: MeasurementInTrial['measurement']): Parts {
  if (latency === null) return {};
  const figures = { ...latency, roundTripNs: undefined, histogram: undefined };
  return { latency: figures };
}

function partsOf(one: MeasurementInTrial): Parts {
  const { measurement } = one;
  const { systemCalls, threads, kvmExits, vmmCounters, vmmErrors, vmmMemory = null, link, noted, search } = measurement;
  return {
    measurement: originOf(one),
    machine: machineOf(one),
    ...throughputParts(measurement),
    ...latencyPart(measurement),
    systemCalls,
    threads,
    kvmExits,
    vmmCounters,
    vmmErrors,
    vmmMemory,
    link,
    search: search ?? null,
    rounding: noted?.rounding ?? null,
  };
}

function isEmpty(value: object): boolean {
  return Array.isArray(value) ? value.length === 0 : Object.keys(value).length === 0;
}

/**
 * All figures of a measurement in base units with every digit, where the readable text is rounded or has none: a line a part, its name and JSON.
 * The reading of lab notes takes them from here where they agree with the text.
 */
export function exactBlock(one: MeasurementInTrial): string {
  const lines = Object.entries(partsOf(one)).flatMap(([name, value]) =>
    value === null || isEmpty(value) ? [] : [`${name} ${plainJson(Array.isArray(value) ? table(value) : value)}`],
  );
  return fenced(lines, notePartsLanguage);
}
