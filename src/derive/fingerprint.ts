import type { VmmOptions } from '../record/experiment.ts';
import type { Measurement } from '../record/measurement.ts';
import type { CallKind, SystemCalls, ThreadRole } from '../record/probe-readings.ts';
import type { RecordedConfiguration, RecordedWorkload } from '../record/recorded-experiment.ts';
import type { Run } from '../record/run.ts';
import { machinesAt } from '../record/topology.ts';
import type { Trial } from '../record/trial.ts';
import { isUsable } from './usable.ts';

/** What bulk data is counted by: 64 KiB, about what one frame of segmentation offload carries. */
const bulkUnitBytes = 65_536;
/** Rarer calls are start-up, timers and the tool's own end, not the way of a packet. */
const leastPerUnit = 0.05;
/** A count this near to a whole number is that number: windows begin and end within a round trip. */
const wholeWithin = 0.05;

/** How often threads of one role make one call for a unit of work. */
export interface FingerprintCall {
  /** null where the name of the thread says nothing. */
  readonly role: ThreadRole | null;
  readonly call: string;
  /** Of an ioctl or futex; null for every other call. */
  readonly request: string | null;
  readonly kind: CallKind;
  readonly perUnit: number;
  /** The whole number that `perUnit` is, but for the edges of the window; null where it is none. */
  readonly whole: number | null;
}

/** What a VMM calls to move data: a mark of its design, which the machine's speed hardly changes. */
export interface Fingerprint {
  readonly configuration: RecordedConfiguration;
  readonly workload: RecordedWorkload;
  /** Of several VMs, the one whose VMM it is of; null where the trial has one. */
  readonly machine: string | null;
  /** As it ran; null parts where it isn't known. */
  readonly vmm: {
    readonly kind: string | null;
    readonly version: string | null;
    readonly accel: string | null;
    readonly options: VmmOptions;
  };
  readonly unit: 'round trip' | '64 KiB';
  /** Names of the calls that were looked for; null: all. */
  readonly onlyCalls: readonly string[] | null;
  /** By role, most frequent first. */
  readonly calls: readonly FingerprintCall[];
}

/** Larger counts are of bulk data, whole by chance. */
const mostWhole = 9;

function wholeOf(perUnit: number): number | null {
  const whole = Math.round(perUnit);
  const isSmall = whole > 0 && whole <= mostWhole;
  return isSmall && Math.abs(perUnit - whole) <= wholeWithin * Math.sqrt(whole) ? whole : null;
}

/** The readings of one machine at a time: the calls of two VMMs are not one fingerprint. */
function byMachine(readings: Readings): { machine: string | null; readings: Readings }[] {
  const machines = new Set(
    readings.flatMap(({ of, threads }) => (of === null ? threads.map(({ machine }) => machine ?? null) : [of])),
  );
  // A VMM that calls nothing has a fingerprint, too.
  if (machines.size === 0) machines.add(null);
  return [...machines].map((machine) => ({
    machine,
    readings: readings
      .filter(({ of }) => of === null || of === machine)
      .map((one) => ({
        ...one,
        threads: one.threads.filter((thread) => one.of !== null || (thread.machine ?? null) === machine),
      })),
  }));
}

/** System calls with the machine that they are of. */
export interface MachineCounts extends SystemCalls {
  /** null: of the only machine, or of a lab note, whose threads say whose they are. */
  readonly of: string | null;
}

/** What was counted, by machine: each one's own counts have the work of its own flows. */
export function countsOf({ machines = [], systemCalls }: Measurement): MachineCounts[] {
  if (machines.length > 1)
    return machines.flatMap(({ name, systemCalls: own }) => (own === null ? [] : [{ of: name, ...own }]));
  return systemCalls === null ? [] : [{ of: null, ...systemCalls }];
}

/** Readings of one workload of one configuration, of boots whose counts may be used. /proc counts all kinds of reads as one, and of writes: no calls that a VMM is known by. */
function readingsOf(trials: readonly Trial[], workload: string) {
  return trials
    .flatMap(({ measurements }) => measurements)
    .flatMap((one) => (one.workload === workload && isUsable(one, 'systemCalls') ? countsOf(one) : []))
    .filter(({ source }) => source !== 'procfs-io');
}

type Readings = ReturnType<typeof readingsOf>;

/** Units of work in the windows that the calls were counted in; null where there is none. */
function unitsOf(readings: Readings): { unit: Fingerprint['unit']; count: number } | null {
  const sum = (pick: (one: Readings[number]) => number | null) =>
    readings.reduce((all, one) => all + (pick(one) ?? 0), 0);
  const messages = sum((one) => one.messages);
  if (messages > 0) return { unit: 'round trip', count: messages };
  const bytes = sum((one) => one.bytes);
  return bytes > 0 ? { unit: '64 KiB', count: bytes / bulkUnitBytes } : null;
}

function callsOf(readings: Readings, units: number): FingerprintCall[] {
  const counts = new Map<string, Omit<FingerprintCall, 'perUnit' | 'whole'> & { count: number }>();
  for (const { role, calls } of readings.flatMap(({ threads }) => threads)) {
    for (const { name, request, kind, count } of calls) {
      const key = JSON.stringify([role, name, request]);
      const before = counts.get(key)?.count ?? 0;
      counts.set(key, { role, call: name, request, kind, count: before + count });
    }
  }
  const order = (role: ThreadRole | null) => role ?? '~';
  return [...counts.values()]
    .map(({ count, ...rest }) => ({ ...rest, perUnit: count / units, whole: wholeOf(count / units) }))
    .filter(({ perUnit }) => perUnit >= leastPerUnit)
    .sort((a, b) => order(a.role).localeCompare(order(b.role), 'en') || b.perUnit - a.perUnit);
}

/** The VMM of a machine as it ran, and else as it was asked for. @param machine null: the only one */
function vmmOf(
  configuration: RecordedConfiguration,
  trials: readonly Trial[],
  machine: string | null,
): Fingerprint['vmm'] {
  const { vmm } = configuration;
  const isIt = ({ name }: { readonly name: string }): boolean => name === machine;
  const all = trials.flatMap(({ vmm: only, machines = [] }) =>
    machine === null ? [only] : machines.filter(isIt).map((one) => one.vmm),
  );
  const ran = all.find((one) => one !== null) ?? null;
  const isServer = trials.some(({ machines = [] }) => machinesAt('server', configuration, machines).some(isIt));
  const asked = isServer ? (vmm.server ?? vmm) : vmm;
  return {
    kind: ran?.kind ?? asked.kind,
    version: ran?.version ?? null,
    accel: ran?.accel ?? asked.accel,
    options: asked.options,
  };
}

/** The fingerprint of every workload of every configuration whose calls were counted. */
export function fingerprintsOf({ experiment, trials }: Pick<Run, 'experiment' | 'trials'>): Fingerprint[] {
  return experiment.configurations.flatMap((configuration) => {
    const own = trials.filter((trial) => trial.configuration.name === configuration.name);
    return configuration.workloads.flatMap((workload): Fingerprint[] => {
      return byMachine(readingsOf(own, workload.name)).flatMap(({ machine, readings }) => {
        const units = unitsOf(readings);
        if (units === null) return [];
        const onlyCalls = readings[0]?.onlyCalls ?? null;
        const calls = callsOf(readings, units.count);
        const vmm = vmmOf(configuration, own, machine);
        return [{ configuration, workload, machine, unit: units.unit, onlyCalls, vmm, calls }];
      });
    });
  });
}
