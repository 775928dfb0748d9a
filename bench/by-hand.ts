import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadExperiment } from '../src/experiment/file/experiment-file.ts';
import { tscKhz } from '../src/host/tsc-frequency.ts';
import { monotonicNs } from '../src/lab/clock.ts';
import { run } from '../src/lab/process.ts';
import { findVmm } from '../src/preflight/find-vmm.ts';
import { guestImage } from '../src/preflight/image.ts';
import { qemu } from '../src/vmm/qemu/qemu.ts';
import { workloadFor } from '../src/workload/bound-workload.ts';

export interface Sample {
  readonly bitsPerSecond: number;
  readonly p50Ns: number;
  readonly wallNs: number;
  /** Wall time while no client ran, ns. */
  readonly outsideNs: number;
}

const deadlineMs = 120_000;

/** The machine that tapbench's driver describes, for by-hand.sh: both must boot the same. */
export async function machine(): Promise<{ folder: string; env: Record<string, string> }> {
  const image = await guestImage(() => undefined);
  const { experiment } = await loadExperiment({ nameOrPath: 'quick', overrides: [] });
  const [configuration] = experiment.configurations;
  if (configuration === undefined) throw new Error('the built-in experiment has no configuration');
  const { argv } = qemu.command({
    configuration,
    accel: 'tcg',
    isPvm: false,
    tscKhz: await tscKhz(),
    binary: 'qemu',
    version: (await findVmm(configuration)).version,
    name: 'x',
    guestArguments: [],
    userId: null,
    folder: '/',
    runtimeFolder: '/',
    jailFolder: '/',
    kernel: { bzImage: image.bzImage, elf: image.vmlinux },
    initrd: image.initramfs,
    disk: null,
    tap: { device: 'tap0', mac: '02:74:62:00:00:02' },
  });
  const hardware = argv.slice(argv.indexOf('-machine'), argv.indexOf('-nodefaults'));
  return {
    folder: image.folder,
    env: {
      BYHAND_QEMU_ARGUMENTS: hardware.join(' '),
      BYHAND_KERNEL_ARGUMENTS: argv[argv.indexOf('-append') + 1] ?? '',
    },
  };
}

/** Sum of the clients' times: the guest's uptime (proc_uptime(5), s) before and after each, one a line. */
function clientTimeNs(text: string): number {
  const times = text
    .trim()
    .split('\n')
    .map((line) => Number(line.split(' ')[0]));
  const [start = 0, middle = 0, next = 0, end = 0] = times;
  return (middle - start + (end - next)) * 1e9;
}

/** One round of the procedure by hand, with our parsers on its raw output. `cpu`: where VMM and servers are kept; null leaves it to the scheduler. */
export async function byHand(seconds: number, cpu: number | null): Promise<Sample> {
  const { folder, env } = await machine();
  const output = mkdtempSync(join(tmpdir(), 'tapbench-byhand-'));
  try {
    const startNs = monotonicNs();
    await run([join(import.meta.dirname, 'by-hand.sh'), folder, output, String(seconds)], {
      deadlineMs,
      env: cpu === null ? env : { ...env, BYHAND_CPUS: String(cpu) },
    });
    const wallNs = monotonicNs() - startNs;
    const { experiment } = await loadExperiment({
      nameOrPath: 'quick',
      overrides: [],
      duration: `${String(seconds)}s`,
    });
    const [bulk, small] = experiment.configurations[0]?.workloads ?? [];
    if (bulk === undefined || small === undefined) throw new Error('the built-in experiment lacks a workload');
    const read = async (spec: typeof bulk, file: string) =>
      await workloadFor(spec).parse({
        stdout: readFileSync(join(output, file), 'utf8'),
        stderr: '',
        exitStatus: 0,
        files: {},
      });
    const throughput = (await read(bulk, 'iperf3.json')).throughput;
    const latency = (await read(small, 'sockperf.txt')).latency;
    if (throughput === null || latency === null) throw new Error('by-hand.sh gave no figures');
    const clientsNs = clientTimeNs(readFileSync(join(output, 'times.txt'), 'utf8'));
    const p50Ns = latency.halfRoundTripNs.p50;
    return { bitsPerSecond: throughput.bitsPerSecond, p50Ns, wallNs, outsideNs: wallNs - clientsNs };
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}
