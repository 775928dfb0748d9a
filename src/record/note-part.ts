import { z } from 'zod';
import { count, integer, positive } from './bounds.ts';
import { latency } from './latency.ts';
import { measuredPart, wholeMeasurement, windowWork } from './measurement.ts';
import { kvmExits, linkReading, systemCalls, threadCpu, vmmCounters, vmmErrors, vmmMemory } from './probe-readings.ts';
import { rateSearch } from './rate-search.ts';
import { recordedConfiguration, recordedWorkload } from './recorded-experiment.ts';
import { throughput, throughputInterval, throughputStream } from './throughput.ts';
import { window } from './window.ts';

/**
 * What a report that is a lab note carries beside its readable text, so that reading it gives the same figures: one line a part in a code block of
 * each measurement, the name of the part and its value as JSON.
 */

/** Heading of the appendix that holds these blocks, each below the heading of its measurement. Older reports have them with the measurements. */
export const exactAppendixHeading = 'Appendix: exact figures';
/** Language of such a block. */
export const notePartsLanguage = 'tapbench-exact';
/** Language of a block of console and stderr: no output of a measuring tool. */
export const noteLogLanguage = 'tapbench-log';

const endCommand = z.strictObject({ endpoint: z.string(), exitStatus: integer.nullable() }).nullable();

/** Which measurement it is. The command lines stand in the text. */
const origin = z.strictObject({
  configuration: recordedConfiguration.shape.name,
  topology: recordedConfiguration.shape.topology,
  vmm: recordedConfiguration.shape.vmm.shape.kind,
  accel: recordedConfiguration.shape.vmm.shape.accel,
  /** Tells the trials of one boot apart, of which one repeats the other. */
  trial: z.string(),
  boot: positive.max(100_000),
  workload: recordedWorkload,
  commands: z.strictObject({ server: endCommand, client: endCommand }),
  window: window.nullable(),
  work: windowWork,
  consoleBytes: count.nullable(),
  notMeasured: z.partialRecord(measuredPart, z.string()),
  underLoad: wholeMeasurement.shape.underLoad,
});

/** The machine as its configuration has it, so that it can be made again; null: not said. */
const machine = z.strictObject({
  vcpus: recordedConfiguration.shape.vmm.shape.vcpus,
  memoryBytes: recordedConfiguration.shape.vmm.shape.memoryBytes,
  options: recordedConfiguration.shape.vmm.shape.options,
  server: recordedConfiguration.shape.vmm.shape.server,
  guest: recordedConfiguration.shape.guest,
  nic: recordedConfiguration.shape.nic,
  /** Absent: one. */
  pairs: recordedConfiguration.shape.pairs.unwrap().optional(),
  ceilingOf: recordedConfiguration.shape.ceilingOf,
});

/** The parts by name. What of them the readable text has too must agree with it within its rounding. */
export const noteParts = {
  measurement: origin,
  machine,
  throughput: throughput.omit({ streams: true, intervals: true }),
  streams: z.array(throughputStream),
  intervals: z.array(throughputInterval),
  /** Round trips are twice the half ones. */
  latency: latency.omit({ roundTripNs: true, histogram: true }),
  systemCalls,
  threads: z.array(threadCpu),
  kvmExits,
  vmmCounters,
  vmmErrors,
  vmmMemory,
  link: linkReading,
  search: rateSearch,
  /** Field to half a unit of its last digit, where the record was itself read from rounded text. */
  rounding: z.record(z.string(), count),
} as const;

export type NotePartName = keyof typeof noteParts;
export type NotePartValue<Name extends NotePartName> = z.infer<(typeof noteParts)[Name]>;

/**
 * A thread's name as a key of a map shows it: what would not come back from there (brackets, commas, quotes, control characters, a name of digits only)
 * is percent-encoded, so that different names stay different.
 */
export function keyName(name: string): string {
  const encode = (text: string) =>
    [...new TextEncoder().encode(text)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
  if (name === '' || /^\d+$/.test(name)) return `%${name}`;
  return name.replaceAll(/[^\p{L}\p{N} ._/:+@#~()<>=*?!-]|^ | $|(?<= ) /gu, encode);
}
