import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importRun } from '../../src/api/archive.ts';
import { compare } from '../../src/api/compare.ts';

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
});
