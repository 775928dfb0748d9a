import { expect, it } from 'vitest';
import { useExperimentFile } from '../../../test/sample/experiment-file.ts';

const written = useExperimentFile();

async function pairsWith(
  pairs: string,
  text = 'topology: vm-to-host\n',
): Promise<(readonly [name: string, pairs: number])[]> {
  const { experiment } = await written.load(text, { pairs });
  return experiment.configurations.map((configuration) => [configuration.name, configuration.pairs]);
}

it('--pairs gives each number a configuration', async () => {
  expect(await pairsWith('1,2,64')).toEqual([
    ['pairs-1', 1],
    ['pairs-2', 2],
    ['pairs-64', 64],
  ]);
});

it('--pairs stands in place of those of the file, and beside its other factors', async () => {
  const text = 'pairs: 2\nmatrix: { pairs: [1, 2], nic.mtu: [1500, 9000] }\n';
  expect((await pairsWith('3', text)).map(([, pairs]) => pairs)).toEqual([3, 3]);
});

it.each([
  ['65', 'must be at most 64, not 65'],
  ['1,0', 'must be at least 1, not 0'],
  ['1,,2', '--pairs 1,,2'],
  ['two', '--pairs two'],
  ['', '--pairs'],
])('--pairs %s is refused', async (pairs, message) => {
  await expect(pairsWith(pairs)).rejects.toMatchObject({ code: 'EXPERIMENT_INVALID' });
  await expect(pairsWith(pairs)).rejects.toThrow(message);
});
