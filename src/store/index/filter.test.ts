import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleConfigurations, storeRun } from '../../../test/sample/history.ts';
import { temporaryFolder } from '../../../test/sample/temporary-folder.ts';
import { changeTags } from '../tags.ts';
import type { RunFilter } from './filter.ts';
import { listIndexedRuns } from './store-index.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>> | null = null;
let storeFolder = '';
const names = new Map<string, string>();

beforeAll(async () => {
  folder = await temporaryFolder();
  storeFolder = folder.path;
  const [small, large] = sampleConfigurations();
  if (small === undefined || large === undefined) throw new Error('the sample has two');
  const twoVcpus = { ...large, name: 'two', vmm: { ...large.vmm, vcpus: 2 } };
  const made = [
    ['both', await storeRun(storeFolder, { startedAt: '2026-11-18T09:00:00.000Z', isDone: false })],
    [
      'mixed',
      await storeRun(storeFolder, { startedAt: '2026-11-19T10:00:00.000Z', configurations: [small, twoVcpus] }),
    ],
    ['small', await storeRun(storeFolder, { startedAt: '2026-11-20T23:59:59.000Z', configurations: [small] })],
  ] as const;
  for (const [name, { runId }] of made) names.set(runId, name);
  const [, [, mixed], [, last]] = made;
  await changeTags(`${storeFolder}/${mixed.runId}`, { add: ['a', 'b'], remove: [] });
  await changeTags(`${storeFolder}/${last.runId}`, { add: ['a'], remove: [] });
});

afterAll(async () => {
  await folder?.[Symbol.asyncDispose]();
});

async function fitting(filter: RunFilter): Promise<string[]> {
  const place = { storeFolder, readerVersion: '1', onNotice: () => undefined };
  const runs = await listIndexedRuns(place, { filter });
  return runs.map(({ runId }) => names.get(runId) ?? runId).sort();
}

describe('a filter of runs', () => {
  it.each<[string, RunFilter, string[]]>([
    ['nothing', {}, ['both', 'mixed', 'small']],
    ['a field', { where: ['nic.mtu=9000'] }, ['both', 'mixed']],
    ['a field with spaces around', { where: ['nic.mtu = 9000'] }, ['both', 'mixed']],
    ['another value of a field', { where: ['nic.mtu!=1500'] }, ['both', 'mixed']],
    ['a number below', { where: ['vmm.vcpus<2'] }, ['both', 'mixed', 'small']],
    ['a number from', { where: ['vmm.vcpus>=2'] }, ['mixed']],
    ['a field of a workload', { where: ['workloads.iperf3.streams=4'] }, ['both', 'mixed', 'small']],
    ['a factor', { where: ['factors.nic.mtu=9000'] }, ['both', 'mixed']],
    ['an offload', { where: ['nic.offloads.tso=true'] }, ['both', 'mixed', 'small']],
    ['what is null', { where: ['guest.kernel=null'] }, ['both', 'mixed', 'small']],
    ['two fields that one configuration has', { where: ['nic.mtu=9000', 'vmm.vcpus=2'] }, ['mixed']],
    ['two fields that only two configurations have', { where: ['nic.mtu=1500', 'vmm.vcpus=2'] }, []],
    ['a value with a quote in it', { where: ["name=x' OR '1'='1"] }, []],
    ['a date', { since: '2026-11-19' }, ['mixed', 'small']],
    ['a whole day', { until: '2026-11-20' }, ['both', 'mixed', 'small']],
    ['a moment', { until: '2026-11-20T23:59' }, ['both', 'mixed']],
    ['a moment with a zone', { since: '2026-11-19T11:30+01:00' }, ['small']],
    ['a tag', { tags: ['a'] }, ['mixed', 'small']],
    ['two tags', { tags: ['a', 'b'] }, ['mixed']],
    ['a status', { status: 'unfinished' }, ['both']],
    ['an experiment', { experiment: 'other' }, []],
    ['all of it together', { where: ['nic.mtu=1500'], tags: ['a'], since: '2026-11-20', status: 'done' }, ['small']],
  ])('by %s', async (_what, filter, expected) => {
    expect(await fitting(filter)).toEqual(expected);
  });

  it.each<[RunFilter, string]>([
    [{ where: ['vmm.vcpus'] }, 'it has no ='],
    [{ where: ['vmm.vcpus>two'] }, 'wants a number'],
    [{ where: ['vmm.vcpus>'] }, 'wants a number'],
    [{ since: 'yesterday' }, 'no date'],
    [{ until: '2026-13-45' }, 'no date'],
    [{ since: '2026-11' }, 'no date'],
  ])('that can not be is refused: %j', async (filter, message) => {
    await expect(fitting(filter)).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining(message) as unknown,
    });
  });

  it.each([
    ['mtu', 'nic.mtu'],
    ['vmm.vcpu', 'vmm.vcpus'],
    ['workloads.iperf.streams', 'workloads.iperf3.streams'],
  ])('names the nearest where no run has the field %s', async (wrong, right) => {
    await expect(fitting({ where: [`${wrong}=1`] })).rejects.toMatchObject({
      code: 'USAGE',
      hint: expect.stringContaining(right) as unknown,
    });
  });

  it('names them at once for a name of any length', async () => {
    const began = performance.now();
    await expect(fitting({ where: [`${'x'.repeat(1_000_000)}=1`] })).rejects.toMatchObject({ code: 'USAGE' });
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});
