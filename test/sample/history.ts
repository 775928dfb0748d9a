import type { Configuration } from '../../src/record/experiment.ts';
import { gatheredOf } from '../../src/record/gathered-of.ts';
import type { RunHeader } from '../../src/record/run.ts';
import type { WholeTrial } from '../../src/record/trial.ts';
import { Store } from '../../src/store/store.ts';
import { sampleConfiguration, sampleExperiment } from './experiment.ts';
import { sampleIperf3Measurement } from './iperf3.ts';
import { type SampleHeader, sampleRunEnd, sampleRunHeader } from './run.ts';
import { sampleTrial } from './trial.ts';

export interface SampleHistory {
  /** Default: two, `mtu-1500` and `mtu-9000`. */
  readonly configurations?: readonly Configuration[];
  /** Of each configuration; default 1. */
  readonly boots?: number;
  readonly startedAt?: string;
  readonly experiment?: string;
  /** Throughput of a boot, in bit/s. */
  readonly bitsPerSecond?: (configuration: string, boot: number) => number;
  /** Whether trials and end are written; default true. */
  readonly isDone?: boolean;
}

export function sampleConfigurations(): Configuration[] {
  const { nic } = sampleConfiguration();
  return [1500, 9000].map((mtu) =>
    sampleConfiguration({ name: `mtu-${mtu}`, factors: { 'nic.mtu': String(mtu) }, nic: { ...nic, mtu } }),
  );
}

/** A trial of iperf3 alone, as a plan asks for it. */
export function sampleBoot(
  header: RunHeader,
  planned: { readonly trialId: string; readonly configuration: string; readonly boot: number },
  bitsPerSecond = 2e9,
): WholeTrial {
  const { trialId, boot } = planned;
  const configuration = header.experiment.configurations.find(({ name }) => name === planned.configuration);
  return sampleTrial({
    runId: header.runId,
    trialId,
    boot,
    block: boot,
    configuration: configuration ?? sampleConfiguration(),
    measurements: [sampleIperf3Measurement({ bitsPerSecond })],
  });
}

/** Puts a run into a store, each configuration booted so many times. */
export async function storeRun(storeFolder: string, history: SampleHistory = {}): Promise<SampleHeader> {
  const { configurations = sampleConfigurations(), boots = 1, isDone = true } = history;
  const startedAt = history.startedAt ?? '2026-11-20T10:00:00.000Z';
  const plan = Array.from({ length: boots }, (_, index) =>
    configurations.map(({ name }, place) => ({
      trialId: `${String(index * configurations.length + place + 1).padStart(3, '0')}-${name}-b${index + 1}`,
      configuration: name,
      block: index + 1,
      boot: index + 1,
    })),
  ).flat();
  const experiment = sampleExperiment({ name: history.experiment ?? 'ab', boots, configurations: [...configurations] });
  const store = Store.open(storeFolder);
  const sample = sampleRunHeader({ startedAt, experiment, plan });
  const header = { ...sample, runId: (await store.createRun(sample)).runId };
  if (!isDone) return header;
  const rate = history.bitsPerSecond ?? (() => 2e9);
  for (const planned of plan) {
    await store.writeTrial(gatheredOf(sampleBoot(header, planned, rate(planned.configuration, planned.boot))));
  }
  await store.writeEnd(header.runId, sampleRunEnd());
  return header;
}
