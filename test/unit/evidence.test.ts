import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importRun } from '../../src/api/archive.ts';
import { compare } from '../../src/api/compare.ts';
import { explainRun } from '../../src/api/explain.ts';
import { readRun } from '../../src/api/read.ts';
import { ceilingBlocks } from '../../src/report/markdown/ceiling.ts';

const evidence = join(import.meta.dirname, '../../docs/evidence');

/** The archived runs, read with the code of today: what they were said to show must still be what they show. */
describe('the evidence', () => {
  let store = '';
  beforeAll(async () => {
    store = await mkdtemp(join(tmpdir(), 'tapbench-evidence-'));
  });
  afterAll(async () => {
    await rm(store, { recursive: true, force: true });
  });

  async function verdictsOf(name: string): Promise<Record<string, string>> {
    const { runId } = await importRun(join(evidence, name, 'run.tar.gz'), { store });
    const { comparison } = await compare([runId], { store });
    const rows = comparison.pairs.flatMap(({ metrics }) => metrics);
    return Object.fromEntries(rows.map(({ workload, metric, verdict }) => [`${workload}:${metric}`, verdict]));
  }

  it('of an A/A finds nothing', async () => {
    const verdicts = Object.values(await verdictsOf('2026-11-23-a-a'));
    expect(verdicts).toHaveLength(5);
    expect(new Set(verdicts)).toEqual(new Set(['cannot-tell']));
  });

  it('of offloads on and off finds what they do, and what they do not', async () => {
    expect(await verdictsOf('2026-11-23-offloads')).toMatchObject({
      'iperf3:throughput.bitsPerSecond': 'worse',
      'iperf3:cost.systemCallsPerGigabyte': 'worse',
      'iperf3:cost.vmmCpuNsPerGigabyte': 'worse',
      'sockperf:cost.systemCallsPerRoundTrip': 'same',
    });
  });

  it('of every topology and workload has each figure beside its ceiling, in the table that its document shows', async () => {
    const folder = join(evidence, '2026-11-29-worlds');
    const { runId } = await importRun(join(folder, 'run.tar.gz'), { store });
    const { run } = await readRun(runId, { store });
    expect(run.trials.map(({ status }) => status)).toEqual(Array(30).fill('ok'));
    const findings = run.trials.flatMap(({ measurements }) => measurements.flatMap((one) => one.findings));
    expect(findings.filter(({ level }) => level === 'void')).toEqual([]);
    const { ceilingShares = [] } = run;
    expect(new Set(ceilingShares.map(({ configuration }) => configuration)).size).toBe(4);
    expect(new Set(ceilingShares.map(({ workload }) => workload)).size).toBe(11);
    expect(new Set(ceilingShares.map(({ blocks }) => blocks))).toEqual(new Set([5]));
    const shareOf = (configuration: string, workload: string, metric: string) =>
      ceilingShares.find(
        (one) => one.configuration === configuration && one.workload === workload && one.metric === metric,
      );
    const overOne = shareOf('topology-vm-to-host', 'ping-pong', 'latency.p50')?.interval;
    const overTwo = shareOf('topology-vm-to-vm', 'ping-pong', 'latency.p50')?.interval;
    expect(overOne?.low).toBeGreaterThan(3);
    expect(overTwo?.low).toBeGreaterThan(overOne?.high ?? Number.NaN);
    expect(shareOf('topology-vm-to-vm', 'tcp', 'throughput.bitsPerSecond')?.interval?.high).toBeLessThan(0.2);
    const tables = ceilingBlocks(run).filter((block) => block.startsWith('|'));
    expect(tables).toHaveLength(1);
    const document = await readFile(join(folder, 'README.md'), 'utf8');
    for (const table of tables) expect(document).toContain(table);
  });

  /** Archives of runs on nested KVM, with the exits to the VMM that a round trip takes in each of their configurations: none with message-signalled interrupts. */
  const nested = [
    { name: 'qemu', vmm: 'qemu 7.2.22', exits: [5.23, 3.35, 0, 0] },
    { name: 'firecracker-1.8.0', vmm: 'firecracker 1.8.0', exits: [3.36] },
    { name: 'firecracker-1.12.1', vmm: 'firecracker 1.12.1', exits: [3.5] },
    { name: 'firecracker-1.14.4', vmm: 'firecracker 1.14.4', exits: [3.38] },
    { name: 'firecracker-1.16.1', vmm: 'firecracker 1.16.1', exits: [3.56] },
    { name: 'firecracker-options', vmm: 'firecracker 1.16.1', exits: [0, 0, 3.85, 3.67] },
    { name: 'cloud-hypervisor-51.2', vmm: 'cloud-hypervisor 51.2.0', exits: [0] },
    { name: 'cloud-hypervisor-53.0', vmm: 'cloud-hypervisor 53.0.0', exits: [0] },
    { name: 'cloud-hypervisor-queues', vmm: 'cloud-hypervisor 53.0.0', exits: [0] },
  ];

  it.each(nested)(
    'of $name on KVM has its fingerprint, its exits, and counters that agree',
    async ({ name, vmm, exits }) => {
      const { runId } = await importRun(join(evidence, '2026-11-23-nested-kvm', `${name}.tar.gz`), { store });
      const { run } = await readRun(runId, { store });
      expect(run.host?.hypervisor).toBe('qemu-tcg');
      expect(new Set(run.trials.map((trial) => `${trial.vmm?.kind ?? ''} ${trial.vmm?.version ?? ''}`))).toEqual(
        new Set([vmm]),
      );
      const requests = run.trials.flatMap(({ measurements }) => measurements.filter(({ latency }) => latency !== null));
      const perRoundTrip = requests.map(({ cost }) => cost.userspaceExitsPerRoundTrip ?? Number.NaN);
      expect(perRoundTrip).toHaveLength(exits.length);
      for (const [index, value] of perRoundTrip.entries()) expect(value).toBeCloseTo(exits[index] ?? Number.NaN, 1);
      const findings = run.trials.flatMap(({ measurements }) => measurements.flatMap((one) => one.findings));
      expect(findings.map(({ audit }) => audit)).not.toContain('vmm-counters');
      expect(findings.filter(({ level }) => level === 'void')).toEqual([]);
      const known = explainRun(run).flatMap((one) =>
        one.fingerprint.unit === 'round trip' ? [one.known?.changes] : [],
      );
      expect(known).toEqual(exits.map(() => []));
    },
  );
});
