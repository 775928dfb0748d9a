import { isRaw, type Raw, rawList } from './upgrade-raw.ts';

/** What every run of schema 1 did, as schema 2 says it. */
const asBefore = {
  offloads: { csum: true, tso: true, gso: true, mrgRxbuf: true },
  prepare: {
    pin: 'none',
    governor: null,
    turbo: null,
    idleLatencyUs: null,
    ksm: null,
    transparentHugepages: null,
    irqbalance: null,
  },
  experiment: { order: 'shuffled', budgetNs: null, settleNs: 0, warmupNs: 0 },
} as const;

function configurationOf1(configuration: Raw, workloads: unknown): Raw {
  const nic = isRaw(configuration['nic']) ? configuration['nic'] : {};
  return {
    ...configuration,
    factors: {},
    nic: { ...nic, offloads: asBefore.offloads },
    prepare: asBefore.prepare,
    workloads,
  };
}

function experimentOf1(experiment: Raw): Raw {
  const { workloads, configurations, ...rest } = experiment;
  return {
    ...rest,
    ...asBefore.experiment,
    configurations: rawList(configurations).map((one) => configurationOf1(one, workloads)),
  };
}

/** A trial of schema 1 names its workloads only by what it measured; one that measured nothing gets none, and stands by its run's header. */
function trialOf1(trial: Raw, configuration: Raw): Raw {
  const workloads = rawList(trial['measurements']).map((measurement) => measurement['spec']);
  return {
    ...trial,
    configuration: configurationOf1(configuration, workloads),
    repeats: null,
    preparation: { settings: [], pins: [] },
  };
}

/** Schema 1 to 2, of whichever of the three stored records it is, or of a whole run as tapbench prints it: its trials say their schema themselves. */
export function from1(record: Raw): Raw {
  const { experiment, configuration, trials } = record;
  if (isRaw(experiment)) {
    const header = { ...record, schemaVersion: 2, experiment: experimentOf1(experiment) };
    return trials === undefined ? header : { ...header, stoppedBy: null };
  }
  if (isRaw(configuration)) return { ...trialOf1(record, configuration), schemaVersion: 2 };
  return { ...record, schemaVersion: 2, stoppedBy: null };
}
