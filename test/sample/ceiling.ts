import type { Configuration } from '../../src/record/experiment.ts';
import type { WholeMeasurement } from '../../src/record/measurement.ts';
import type { WholeTrial } from '../../src/record/trial.ts';
import { around, type SampleSide } from './compared-run.ts';
import { sampleConfiguration } from './experiment.ts';

/** What a measurement between two namespaces of the host is: nothing is read of a VM. */
function withoutVm(measurement: WholeMeasurement): WholeMeasurement {
  const { throughput, latency, work } = measurement;
  const { client, server } = measurement.commands;
  const commands = { server, client: client && { ...client, endpoint: 'host' } };
  return {
    ...measurement,
    commands,
    systemCalls: null,
    kvmExits: null,
    vmmCounters: null,
    vmmErrors: null,
    threads: [],
    link: null,
    guestResources: null,
    traced: null,
    consoleBytes: null,
    notMeasured: {},
    flows: [
      {
        name: 'flow1',
        client: 'client',
        server: 'server',
        commands,
        throughput,
        latency,
        work,
        failure: null,
        notMeasured: {},
      },
    ],
    machines: [],
    startSkewNs: null,
  };
}

/** The same boot without its VM. */
export function sampleHostTrial(trial: WholeTrial): WholeTrial {
  const measurements = trial.measurements.map(withoutVm);
  return { ...trial, vmm: null, guest: null, path: null, measurements, machines: [] };
}

export function sampleCeilingConfiguration(ceilingOf: string[], changes: Partial<Configuration> = {}): Configuration {
  const trace = { mode: 'off', timing: false, durationNs: 3e9 } as const;
  return sampleConfiguration({ name: 'ceiling', topology: 'host-to-host', trace, ceilingOf, ...changes });
}

/** The ceiling of some configurations: ten times their throughput, a tenth of their latency. */
export function sampleCeilingSide(ceilingOf: string[], changes: Partial<SampleSide> = {}): SampleSide {
  return {
    configuration: sampleCeilingConfiguration(ceilingOf),
    rates: around(23.5e9, 0.02, 6),
    means: around(8_400, 0.03, 6),
    boot: sampleHostTrial,
    ...changes,
  };
}
