import { changed, eachChanged, isRaw, type Raw } from './upgrade-raw.ts';

const unread = 'this version of tapbench did not read them';

/** What every run of schema 2 did and could not say, as schema 3 says it. */
const asBefore = {
  qemu: { machine: 'microvm', modern: false },
  nic: { vhost: false, queues: 1, rxQueueSize: null, txQueueSize: null },
  vmm: { isStatic: null, isDebugBuild: null, buildReason: null, files: {} },
  path: { queues: null, notification: null },
  measurement: { kvmExits: null, vmmCounters: null, noted: null },
  cost: {
    userspaceExitsPerRoundTrip: null,
    userspaceExitsPerGigabyte: null,
    kvmExitsPerRoundTrip: null,
    kvmExitsPerGigabyte: null,
  },
} as const;

function configurationOf2(configuration: Raw): Raw {
  return {
    ...configuration,
    vmm: changed(configuration['vmm'], (vmm) => ({ ...vmm, options: vmm['kind'] === 'qemu' ? asBefore.qemu : {} })),
    nic: changed(configuration['nic'], (nic) => ({ ...nic, ...asBefore.nic })),
  };
}

function experimentOf2(experiment: Raw): Raw {
  return { ...experiment, configurations: eachChanged(experiment['configurations'], configurationOf2) };
}

/** As gathered, or, in a run that tapbench printed, with its costs. */
function measurementOf2(measurement: Raw): Raw {
  const { cost } = measurement;
  return {
    ...measurement,
    ...asBefore.measurement,
    // Calls of bpftrace were all there are. The others are those that /proc counts; the source says so.
    systemCalls: changed(measurement['systemCalls'], (calls) => ({ ...calls, onlyCalls: null })),
    notMeasured: changed(measurement['notMeasured'], (reasons) => ({
      ...reasons,
      kvmExits: unread,
      vmmCounters: unread,
    })),
    ...(isRaw(cost) ? { cost: { ...cost, ...asBefore.cost } } : {}),
  };
}

function trialOf2(trial: Raw, configuration: Raw): Raw {
  return {
    ...trial,
    configuration: configurationOf2(configuration),
    vmm: changed(trial['vmm'], (vmm) => ({ ...vmm, ...asBefore.vmm })),
    guest: changed(trial['guest'], (guest) => ({
      ...guest,
      nic: changed(guest['nic'], (nic) => ({ ...nic, queueSizes: null, transport: null, interrupts: null })),
    })),
    path: changed(trial['path'], (path) => ({ ...path, ...asBefore.path })),
    measurements: eachChanged(trial['measurements'], measurementOf2),
    notSaid: {},
  };
}

/** Schema 2 to 3, of whichever of the three stored records it is, or of a whole run as tapbench prints it: its trials say their schema themselves. */
export function from2(record: Raw): Raw {
  const { experiment, configuration } = record;
  const next = { ...record, schemaVersion: 3 };
  if (isRaw(experiment)) return { ...next, source: { kind: 'measured' }, experiment: experimentOf2(experiment) };
  return isRaw(configuration) ? trialOf2(next, configuration) : next;
}
