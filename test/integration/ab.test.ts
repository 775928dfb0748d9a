import { join } from 'node:path';
import { expect, it } from 'vitest';
import { comparison } from '../../src/record/comparison.ts';
import { requireOrSkip } from './requirement.ts';
import { useSession } from './support/session.ts';

const describeHere = await requireOrSkip('root', 'tap', 'image');

const measured = ['quick', '--workload', 'iperf3', '--trace', 'off', '--duration', '1s'];
/** Two sides that are the same need none. */
const noVm = ['--set', 'topology=host-to-host'];

describeHere('tapbench ab', () => {
  const session = useSession();

  it('measures by turns, finds a real change, and the archived run says the same in another store', async () => {
    const sides = ['--a', 'nic.offloads=on', '--b', 'nic.offloads=off'];
    const gate = ['--gate', 'throughput>=-3%', '--format', 'json'];
    const result = await session().run(['ab', ...measured, ...sides, '--boots', '4', ...gate]);
    // A failed gate.
    expect(result.exitStatus).toBe(1);
    const found = comparison.parse(JSON.parse(result.stdout));
    expect(found.gates).toMatchObject([{ status: 'fail', workload: 'iperf3' }]);
    const [pair] = found.pairs;
    const throughput = pair?.metrics.find(({ metric }) => metric === 'throughput.bitsPerSecond');
    // Four boots against four, all on their own sides: 2 of 70 splits are as far apart.
    expect(throughput?.pValue).toBeCloseTo(2 / 70, 6);
    expect(throughput?.ratioInterval?.high).toBeLessThan(0.9);
    expect(pair?.differences.filter(({ kind }) => kind === 'asked').map(({ path }) => path)).toContain(
      'nic.offloads.tso',
    );

    const file = join(session().folder, 'run.tar.gz');
    expect(await session().run(['archive', 'latest', '--output', file])).toMatchObject({ exitStatus: 0 });
    const elsewhere = ['--store', join(session().folder, 'elsewhere')];
    expect(await session().run(['import', file, ...elsewhere])).toMatchObject({ exitStatus: 0 });
    const again = await session().run(['compare', 'latest', '--format', 'json', ...elsewhere]);
    expect(comparison.parse(JSON.parse(again.stdout)).pairs).toEqual(found.pairs);
  });

  it('cannot tell from two boots, and says so with exit 5 where a gate wants to know', async () => {
    const result = await session().run(['ab', ...measured, ...noVm, '--boots', '2', '--gate', 'throughput>=-3%']);
    expect(result.exitStatus).toBe(5);
    expect(result.stdout).toContain('an A/A');
    expect(result.stdout).toContain('cannot tell');
  });
});
