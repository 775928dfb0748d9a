import { wholeOf } from '../../src/derive/whole/whole-trial.ts';
import type { WholeMeasurement } from '../../src/record/measurement.ts';
import type { RunEnd, RunHeader } from '../../src/record/run.ts';
import type { WholeTrial } from '../../src/record/trial.ts';
import { sampleCeilingSide, sampleHostTrial } from '../sample/ceiling.ts';
import { sampleComparedParts, sampleSide } from '../sample/compared-run.ts';
import { sampleConfiguration, sampleExperiment, sampleIperf3Spec, sampleSockperfSpec } from '../sample/experiment.ts';
import { sampleGuestFacts, sampleVmmFacts } from '../sample/guest-facts.ts';
import { sampleHostFacts } from '../sample/host-facts.ts';
import { sampleIperf3Measurement } from '../sample/iperf3.ts';
import { sampleNotedConfiguration, sampleNotedTrial, sampleNoteEnd, sampleNoteHeader } from '../sample/lab-note-run.ts';
import type { SampleMeasurement } from '../sample/measurement.ts';
import { sampleRunEnd, sampleRunHeader } from '../sample/run.ts';
import { sampleSockperfMeasurement } from '../sample/sockperf.ts';
import { sampleFailedTrial, sampleTrial } from '../sample/trial.ts';
import { notedBulk, notedPingPong } from '../sample/vm-client-note.ts';
import { sampleSeveral, sampleWorldTrial } from '../sample/world.ts';

/** What is stored of one run. */
export interface GoldenCase {
  readonly header: RunHeader;
  readonly trials: readonly WholeTrial[];
  readonly ends: readonly RunEnd[];
}

/** The lab note's run: one boot on KVM, nothing wrong. */
function oneBoot(): GoldenCase {
  const runId = '20250101T120000Z-vm-to-host-ab12';
  return { header: sampleRunHeader({ runId }), trials: [sampleTrial({ runId })], ends: [sampleRunEnd()] };
}

/** A measurement that contradicts itself: the streams don't add up. */
function contradictory(measurement: SampleMeasurement): SampleMeasurement {
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
  const renamed = (measurement: WholeMeasurement): WholeMeasurement => ({
    ...measurement,
    threads: measurement.threads.map((thread) => ({ ...thread, name })),
    systemCalls: null,
    traced: null,
    notMeasured: { systemCalls: 'no root:\n# Findings\n- none, "really", 100 %' },
  });
  const traced: WholeMeasurement = {
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

/** A lab note: everything that only tapbench records is not said. */
function labNote(): GoldenCase {
  const runId = '20250104T120000Z-vm-client-0a1b';
  const measurements = [notedBulk(), notedPingPong()];
  const configuration = sampleNotedConfiguration({ workloads: measurements.map((one) => one.spec) });
  const header = sampleNoteHeader({ runId });
  return {
    header: { ...header, experiment: { ...header.experiment, configurations: [configuration] } },
    trials: [sampleNotedTrial({ runId, configuration, measurements })],
    ends: [sampleNoteEnd()],
  };
}

/** KVM's exits and the VMM's counters beside the rest, of a debug build. */
function exits(): GoldenCase {
  const runId = '20250105T120000Z-vm-to-host-2c3d';
  const vmm = sampleVmmFacts({ isDebugBuild: true, buildReason: 'it says so', isStatic: true });
  const measurements = sampleTrial().measurements.map((one) => withExits(one));
  return {
    header: sampleRunHeader({ runId }),
    trials: [sampleTrial({ runId, vmm, measurements })],
    ends: [sampleRunEnd()],
  };
}

function withExits(measurement: WholeMeasurement): WholeMeasurement {
  const { systemCalls } = measurement;
  if (systemCalls?.window === null || systemCalls?.window === undefined) throw new Error('the sample was traced');
  const { window, messages, bytes } = systemCalls;
  return {
    ...measurement,
    notMeasured: {},
    kvmExits: {
      mode: 'separate',
      window,
      messages,
      bytes,
      threads: [
        {
          tid: 4003,
          name: 'CPU 0/KVM',
          exits: [
            { reason: 'EPT_MISCONFIG', count: 70_000 },
            { reason: 'HLT', count: 35_000 },
          ],
          userspaceExits: [{ reason: 'MMIO', count: 35_000 }],
        },
      ],
      accesses: [{ device: 'virtio-mmio 0 QueueNotify', kind: 'mmio', count: 35_000 }],
    },
    vmmCounters: {
      source: 'a metrics file | of `it`',
      fromGuest: { packets: null, bytes: null },
      toGuest: { packets: null, bytes: null },
      counters: { tx_packets_count: 123_456, rx_packets_count: 65_432 },
    },
  };
}

/** Two boots of three guests at once: one slower than the others, one that died in the second boot. */
function several(): GoldenCase {
  const runId = '20250106T120000Z-vm-to-host-4e5f';
  const experiment = sampleExperiment({ boots: 2 });
  const plan = [1, 2].map((boot) => ({
    trialId: `00${String(boot)}-b${String(boot)}`,
    configuration: 'qemu',
    block: boot,
    boot,
  }));
  const bulk = sampleSeveral([2.4e9, 1.1e9, 2.3e9].map((bitsPerSecond) => sampleIperf3Measurement({ bitsPerSecond })));
  const small = sampleSeveral([83_000, 84_000, 95_000].map((meanNs) => sampleSockperfMeasurement({ meanNs })));
  const died = 'the guest of vm3 is gone';
  const flows = bulk.flows.map((flow) =>
    flow.name === 'flow3' ? { ...flow, throughput: null, failure: died, notMeasured: { throughput: died } } : flow,
  );
  const trials = [sampleWorldTrial(bulk, small), sampleWorldTrial({ ...bulk, flows, startSkewNs: 2e9 })].map(wholeOf);
  return {
    header: sampleRunHeader({ runId, experiment, plan }),
    trials: trials.map((trial, index) => ({ ...trial, runId, ...plan[index], configuration: trial.configuration })),
    ends: [sampleRunEnd()],
  };
}

/** Four blocks of a guest and its ceiling, which failed in the second. */
function ceiling(): GoldenCase {
  const runId = '20250107T120000Z-vm-to-host-6a7b';
  const rates = [2.35e9, 2.31e9, 2.4e9, 2.36e9];
  const guest = sampleSide('qemu', { rates, means: [84_000, 83_000, 85_000, 83_500] });
  const side = sampleCeilingSide(['qemu'], {
    rates: [24e9, 23e9, 25e9, 23.5e9],
    means: [8_400, 8_500, 8_300, 8_350],
    boot: (trial, boot) => {
      if (boot !== 2) return sampleHostTrial(trial);
      const { trialId, block, configuration } = trial;
      const failure = {
        code: 'TOOL_FAILED',
        message: 'iperf3: unable to connect to server: Connection refused',
        hint: null,
        workload: 'iperf3',
        consoleTail: [],
        vmmStderrTail: [],
      };
      return sampleHostTrial(sampleFailedTrial({ runId, trialId, boot, block, configuration, failure }));
    },
  });
  return sampleComparedParts([guest, side], { runId });
}

const mebibyte = 1024 ** 2;

/** The same windows with one guest and with two, of three boots each: what becomes of each figure as pairs are added. */
function scaleOut(): GoldenCase {
  const runId = '20250107T120000Z-scale-out-6a7b';
  const configurations = [1, 2].map((pairs) =>
    sampleConfiguration({ name: `pairs-${String(pairs)}`, factors: { pairs: String(pairs) }, pairs }),
  );
  const plan = [1, 2, 3].flatMap((boot) =>
    configurations.map(({ name }) => ({
      trialId: `00${String(boot)}-${name}`,
      configuration: name,
      block: boot,
      boot,
    })),
  );
  const trials = plan.map((planned) => {
    const configuration = configurations.find(({ name }) => name === planned.configuration) ?? sampleConfiguration();
    const { pairs } = configuration;
    const each = <T>(make: (place: number) => T): T[] => Array.from({ length: pairs }, (_, place) => make(place));
    const [bulk, small] = [
      sampleSeveral(
        each((place) => sampleIperf3Measurement({ bitsPerSecond: (2.4e9 + planned.boot * 1e7 - place * 2e8) / pairs })),
      ),
      sampleSeveral(
        each((place) => sampleSockperfMeasurement({ meanNs: (83_000 + planned.boot * 500 + place * 4_000) * pairs })),
      ),
    ].map((one) => ({
      ...one,
      machines: one.machines.map((machine, place) => ({
        ...machine,
        vmmMemory: {
          residentBytes: (160 + planned.boot + place) * mebibyte,
          proportionalBytes: (150 + planned.boot - place) * mebibyte,
          swapBytes: 0,
        },
      })),
    }));
    if (bulk === undefined || small === undefined) throw new Error('two measurements');
    const gathered = sampleWorldTrial(bulk, small);
    const machines = gathered.machines.map((machine, place) => ({
      ...machine,
      bootTime: { startNs: 1e9 + place * 2e8, endNs: 2.2e9 + place * 5e8 + planned.boot * 1e7 },
    }));
    return { ...wholeOf({ ...gathered, machines }), runId, ...planned, configuration };
  });
  const experiment = sampleExperiment({ name: 'scale-out', boots: 3, configurations });
  return { header: sampleRunHeader({ runId, experiment, plan }), trials, ends: [sampleRunEnd()] };
}

/** Round trips alone, and beside bulk data in a window that they share. */
function underLoad(): GoldenCase {
  const runId = '20250108T120000Z-under-load-8c9d';
  const [idle, loaded] = ['idle', 'loaded'].map((name) => sampleSockperfSpec({ name }));
  const load = sampleIperf3Spec({ name: 'load' });
  if (idle === undefined || loaded === undefined) throw new Error('two of them');
  const configuration = sampleConfiguration({ workloads: [idle, loaded, load], together: [['loaded', 'load']] });
  const plan = [1, 2, 3].map((boot) => ({
    trialId: `00${String(boot)}-qemu`,
    configuration: 'qemu',
    block: boot,
    boot,
  }));
  const trials = plan.map((planned): WholeTrial => {
    const meanNs = 80_000 + planned.boot * 1_000;
    const measurements = [
      { ...sampleSockperfMeasurement({ meanNs, spec: idle }), workload: 'idle' },
      {
        ...sampleSockperfMeasurement({ meanNs: meanNs * (3 + planned.boot / 10), spec: loaded }),
        workload: 'loaded',
        underLoad: ['load'],
      },
      { ...sampleIperf3Measurement({ spec: load }), workload: 'load', underLoad: ['loaded'] },
    ];
    return { ...sampleTrial({ runId, configuration, measurements }), ...planned, configuration };
  });
  const experiment = sampleExperiment({ name: 'under-load', boots: 3, configurations: [configuration] });
  return { header: sampleRunHeader({ runId, experiment, plan }), trials, ends: [sampleRunEnd()] };
}

export const goldenCases: Readonly<Record<string, () => GoldenCase>> = {
  'one-boot': oneBoot,
  'four-boots': fourBoots,
  hostile,
  'lab-note': labNote,
  exits,
  several,
  ceiling,
  'scale-out': scaleOut,
  'under-load': underLoad,
};
