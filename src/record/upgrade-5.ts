import { changed, eachChanged, isRaw, type Raw } from './upgrade-raw.ts';

/** What the one flow and the one machine of older records are called. */
const flowName = 'flow1';
const machineName = 'vm1';
/** Threads of which a lab note does not say whose they are, where it says it of others. */
const unknownMachine = 'unknown';

/** Topologies of which older versions made a world, to the names of its two ends. */
const endsOf = new Map<unknown, { client: string; server: string }>([
  ['vm-to-host', { client: machineName, server: 'host' }],
  ['host-to-vm', { client: 'host', server: machineName }],
]);

const flowParts: readonly string[] = ['throughput', 'latency'];
const windowParts: readonly string[] = ['hostCpu'];

/** What of an object is of some keys. A value that is none is handed on, for the schema to refuse. */
function picked(value: unknown, isOf: (key: string) => boolean): unknown {
  return changed(value, (raw) => Object.fromEntries(Object.entries(raw).filter(([key]) => isOf(key))));
}

/** Lab notes may have threads of several VMMs: each machine's own system calls. */
function callsByMachine(systemCalls: unknown): [name: string, calls: unknown][] {
  const threads = isRaw(systemCalls) ? systemCalls['threads'] : null;
  if (!isRaw(systemCalls) || !Array.isArray(threads) || threads.length === 0 || !threads.every(isRaw))
    return [[machineName, systemCalls]];
  const byMachine = Map.groupBy(threads, ({ machine }) => (typeof machine === 'string' ? machine : unknownMachine));
  return [...byMachine].map(([machine, own]) => [
    byMachine.size === 1 ? machineName : machine,
    {
      ...systemCalls,
      threads: own.map((thread) => Object.fromEntries(Object.entries(thread).filter(([key]) => key !== 'machine'))),
    },
  ]);
}

const nothingRead = {
  kvmExits: null,
  vmmCounters: null,
  vmmErrors: null,
  threads: [],
  link: null,
  guestResources: null,
  consoleBytes: null,
};

/** Nobody says of which of several VMMs the other readings are: they stand with the first. */
function machinesOf(systemCalls: unknown, notMeasured: unknown, readings: Raw): Raw[] {
  const reasons = picked(notMeasured, (key) => !flowParts.includes(key) && !windowParts.includes(key));
  return callsByMachine(systemCalls).map(([name, calls], index) => ({
    name,
    systemCalls: calls,
    ...(index === 0 ? readings : nothingRead),
    notMeasured: reasons,
  }));
}

function tracedOf(traced: unknown, systemCalls: unknown): unknown {
  return changed(traced, ({ window, throughput, latency, threads, link, vmmErrors, files, ...rest }) => {
    const isCounted = isRaw(systemCalls) && systemCalls['mode'] === 'separate';
    const roundTrips = isCounted ? systemCalls['messages'] : null;
    const payloadBytes = isCounted ? systemCalls['bytes'] : null;
    return {
      window,
      flows: [{ name: flowName, throughput, latency, work: { roundTrips, payloadBytes }, files }],
      machines: [{ name: callsByMachine(systemCalls)[0]?.[0], threads, link, vmmErrors }],
      ...rest,
    };
  });
}

/** What no measurement has stays where it was, for the schema to refuse. */
function measurementOf5(measurement: Raw, topology: unknown): Raw {
  const { commands, throughput, latency, work, hostCpu, traced, notMeasured, systemCalls, ...others } = measurement;
  const { kvmExits, vmmCounters, vmmErrors, threads, link, guestResources, consoleBytes, ...rest } = others;
  return {
    ...rest,
    flows: [
      {
        name: flowName,
        ...(endsOf.get(topology) ?? { client: null, server: null }),
        commands,
        throughput,
        latency,
        work,
        failure: null,
        notMeasured: picked(notMeasured, (key) => flowParts.includes(key)),
      },
    ],
    machines: machinesOf(systemCalls, notMeasured, {
      kvmExits,
      vmmCounters,
      vmmErrors,
      threads,
      link,
      guestResources,
      consoleBytes,
    }),
    hostCpu,
    startSkewNs: null,
    underLoad: [],
    traced: tracedOf(traced, systemCalls),
    notMeasured: picked(notMeasured, (key) => windowParts.includes(key)),
  };
}

/** Every machine that a measurement names, or the one that there was. */
function machineNames(measurements: unknown): string[] {
  const lists = Array.isArray(measurements) ? measurements : [];
  const calls = lists.filter(isRaw).flatMap(({ systemCalls }) => callsByMachine(systemCalls));
  return calls.length === 0 ? [machineName] : [...new Set(calls.map(([name]) => name))];
}

function trialOf5(trial: Raw, configuration: Raw): Raw {
  const { vmm, guest, path, measurements, ...rest } = trial;
  return {
    ...rest,
    machines: machineNames(measurements).map((name) => ({ name, vmm, guest, path })),
    measurements: eachChanged(measurements, (one) => measurementOf5(one, configuration['topology'])),
  };
}

/** Schema 5 to 6, of whichever of the three stored records it is. What tapbench prints of a run with one flow and one machine is as it was. */
export function from5(record: Raw, isPrinted: boolean): Raw {
  const next = { ...record, schemaVersion: 6 };
  const { configuration } = record;
  return isRaw(configuration) && !isPrinted ? trialOf5(next, configuration) : next;
}
