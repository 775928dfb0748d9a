import type { GatheredMeasurement } from '../../src/record/measurement.ts';
import type { RunEnd, RunHeader } from '../../src/record/run.ts';
import type { GatheredTrial } from '../../src/record/trial.ts';
import { sampleConfiguration, sampleExperiment } from '../sample/experiment.ts';
import { sampleGuestFacts, sampleVmmFacts } from '../sample/guest-facts.ts';
import { sampleHostFacts } from '../sample/host-facts.ts';
import { sampleIperf3Measurement } from '../sample/iperf3.ts';
import { sampleRunEnd, sampleRunHeader } from '../sample/run.ts';
import { sampleSockperfMeasurement } from '../sample/sockperf.ts';
import { sampleFailedTrial, sampleTrial } from '../sample/trial.ts';

/** What is stored of one run. */
export interface GoldenCase {
  readonly header: RunHeader;
  readonly trials: readonly GatheredTrial[];
  readonly ends: readonly RunEnd[];
}

/** The lab note's run: one boot on KVM, nothing wrong. */
function oneBoot(): GoldenCase {
  const runId = '20250101T120000Z-vm-to-host-ab12';
  return { header: sampleRunHeader({ runId }), trials: [sampleTrial({ runId })], ends: [sampleRunEnd()] };
}

/** A measurement that contradicts itself: the streams don't add up. */
function contradictory(measurement: GatheredMeasurement): GatheredMeasurement {
  const { throughput } = measurement;
  if (throughput === null) throw new Error('the sample has a throughput');
  return {
    ...measurement,
    throughput: { ...throughput, bytes: throughput.bytes * 2, bitsPerSecond: throughput.bitsPerSecond * 2 },
  };
}

/** Emulated, four boots: two good, one that contradicts itself, one that failed. */
function fourBoots(): GoldenCase {
  const runId = '20250102T120000Z-vm-to-host-cd34';
  const experiment = sampleExperiment({ boots: 4 });
  const plan = [1, 2, 3, 4].map((boot) => ({
    trialId: `00${String(boot)}-qemu-b${String(boot)}`,
    configuration: 'qemu',
    block: boot,
    boot,
  }));
  const vmm = sampleVmmFacts({ accel: 'tcg' });
  const rates = [2_350_000_000, 2_310_000_000, 2_400_000_000];
  const trials = plan.slice(0, 3).map(({ trialId, block, boot }, index) => {
    const bulk = sampleIperf3Measurement({ bitsPerSecond: rates[index] ?? 0 });
    const small = sampleSockperfMeasurement({ meanNs: 83_000 + 1_000 * index });
    const measurements = [boot === 3 ? contradictory(bulk) : bulk, small];
    return sampleTrial({ runId, trialId, block, boot, vmm, measurements });
  });
  const failed = sampleFailedTrial({ runId, trialId: '004-qemu-b4', block: 4, boot: 4, vmm });
  const header = sampleRunHeader({ runId, experiment, plan, command: ['tapbench', 'run', '--boots', '4'] });
  return { header, trials: [...trials, failed], ends: [] };
}

/** Names that try to break out of every format. */
function hostile(): GoldenCase {
  const runId = '20250103T120000Z-vm-to-host-ef56';
  const name = '`|*<b>x</b>\u001b[31m';
  const host = sampleHostFacts();
  const [bulk, small] = [sampleIperf3Measurement(), sampleSockperfMeasurement()];
  const renamed = (measurement: GatheredMeasurement): GatheredMeasurement => ({
    ...measurement,
    threads: measurement.threads.map((thread) => ({ ...thread, name })),
    systemCalls: null,
    traced: null,
    notMeasured: { systemCalls: 'no root:\n# Findings\n- none, "really", 100 %' },
  });
  const traced: GatheredMeasurement = {
    ...small,
    systemCalls:
      small.systemCalls === null
        ? null
        : {
            ...small.systemCalls,
            threads: small.systemCalls.threads.map((thread) => ({ ...thread, name: '```\n# x, y]: 1' })),
          },
  };
  return {
    header: sampleRunHeader({
      runId,
      host: { ...host, cpu: { ...host.cpu, model: 'CPU | <script>alert(1)</script> [x](y) `z`\n# Heading' } },
    }),
    trials: [
      sampleTrial({
        runId,
        measurements: [renamed(bulk), traced],
        guest: sampleGuestFacts({ kernelCommandLine: 'a=`b` | c="d" \u202egnp' }),
        configuration: sampleConfiguration(),
      }),
    ],
    ends: [sampleRunEnd({ status: 'interrupted' })],
  };
}

export const goldenCases: Readonly<Record<string, () => GoldenCase>> = {
  'one-boot': oneBoot,
  'four-boots': fourBoots,
  hostile,
};
