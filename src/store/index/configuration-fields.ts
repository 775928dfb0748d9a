import { isCeiling } from '../../record/ceiling.ts';
import type { RecordedConfiguration } from '../../record/recorded-experiment.ts';
import type { RunHeader } from '../../record/run.ts';

/** One thing that runs can be filtered by. */
export interface Field {
  readonly path: string;
  readonly value: string;
  /** The value where it is a number; null otherwise. */
  readonly number: number | null;
}

function leaf(path: string, value: unknown): Field {
  const text = Array.isArray(value) ? value.join(',') : String(value);
  return { path, value: text, number: text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : null };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function leaves(path: string, value: unknown): Field[] {
  if (!isObject(value)) return [leaf(path, value)];
  return Object.entries(value).flatMap(([key, below]) => leaves(`${path}.${key}`, below));
}

/** What a ceiling is found by. Who looks for a figure of a VM, or of so many CPUs of one, means none. */
const ceilingKeys: readonly string[] = ['name', 'topology', 'ceilingOf'];

/** The leaves of a configuration by itself. */
function ownFields(configuration: RecordedConfiguration): Field[] {
  const { workloads, ...rest } = configuration;
  const isKept = (key: string): boolean => !isCeiling(configuration) || ceilingKeys.includes(key);
  return [
    ...Object.entries(rest).flatMap(([key, value]) => (isKept(key) ? leaves(key, value) : [])),
    ...workloads.flatMap((workload) => (isKept('workloads') ? leaves(`workloads.${workload.name}`, workload) : [])),
  ];
}

/** Every leaf of a configuration under its dotted path as in the record (`vmm.vcpus`, `workloads.iperf3.streams`, `factors.nic.mtu`), and where its run comes from and was made on. What is null is the text `null`, as in filters. */
export function configurationFields(
  configuration: RecordedConfiguration,
  { experiment, host, source }: RunHeader,
): Field[] {
  const all = [
    ...ownFields(configuration),
    leaf('experiment', experiment.name),
    leaf('boots', experiment.boots),
    leaf('source', source.kind),
    leaf('host.fingerprint', host?.fingerprint ?? null),
    leaf('host.cpu', host?.cpu.model ?? null),
    leaf('host.kernel', host?.kernel.release ?? null),
    leaf('host.tapbench', host?.tapbench.version ?? null),
  ];
  // A factor may be named like a path below another: the first stands.
  return [...new Map(all.toReversed().map((field) => [field.path, field])).values()];
}
