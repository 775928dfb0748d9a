import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { useExperimentFile } from '../../../test/sample/experiment-file.ts';
import { blockTimeNs, runTimeNs } from '../estimate.ts';
import { type ExperimentChoice, loadExperiment } from './experiment-file.ts';

const written = useExperimentFile();

async function load(text: string, choice: Partial<ExperimentChoice> = {}) {
  return (await written.load(text, choice)).experiment;
}

describe('a budget', () => {
  it('has room for all the boots that it chooses, and for no block more', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 3, max: 3000 }), async (minutes) => {
        const experiment = await load(`budget: ${String(minutes)}m\nmatrix: { vmm.vcpus: [1, 2] }\n`);
        const budgetNs = minutes * 60e9;
        expect(experiment.budgetNs).toBe(budgetNs);
        expect(runTimeNs(experiment)).toBeLessThanOrEqual(budgetNs);
        expect(runTimeNs(experiment) + blockTimeNs(experiment)).toBeGreaterThan(budgetNs);
      }),
      { numRuns: 30 },
    );
  });

  it('is bounded by the boots of the file, but goes over them where it is a flag', async () => {
    expect((await load('budget: 10h\nboots: 3\n')).boots).toBe(3);
    expect((await load('boots: 3\n', { budget: '10h' })).boots).toBeGreaterThan(100);
    expect((await load('boots: 3\n', { budget: '10h', boots: '5' })).boots).toBe(5);
    expect((await load('budget: 10h\n', { boots: '5' })).boots).toBe(5);
  });

  it('never chooses more boots or trials than a run may have', async () => {
    expect((await load('budget: 2000h\n')).boots).toBe(10_000);
    const values = JSON.stringify(Array.from({ length: 200 }, (_, index) => 1000 + index));
    expect((await load(`budget: 2000h\nmatrix: { nic.mtu: ${values} }\n`, { duration: '1s' })).boots).toBe(500);
  });

  it('that not one block fits into is refused, with the time of a block', async () => {
    await expect(load('budget: 10s\n')).rejects.toThrow(
      /mine\.yaml:1:9: budget: 10s is too little: one boot takes about 80s$/,
    );
    await expect(load('matrix: { vmm.vcpus: [1, 2] }\n', { budget: '90s' })).rejects.toThrow(
      /^--budget 90s: budget: 90s is too little: one boot of each of 2 takes about 1\d\ds/,
    );
  });
});

describe('order and seed', () => {
  it('are drawn, or as they are given', async () => {
    const seeds = await Promise.all(
      [1, 2, 3].map(async () => (await loadExperiment({ nameOrPath: 'quick', overrides: [] })).experiment.seed),
    );
    expect(new Set(seeds).size).toBeGreaterThan(1);
    expect(await load('seed: 5\norder: abba\n')).toMatchObject({ seed: 5, order: 'abba' });
    expect(await load('seed: 5\n', { seed: '6', order: 'sequential' })).toMatchObject({ seed: 6, order: 'sequential' });
  });

  it('are refused where they are none', async () => {
    await expect(load('', { nameOrPath: 'quick', seed: 'x', order: 'random' })).rejects.toThrow(
      /--seed x: seed: must be a number, not x\n--order random: order: "random" is unknown|--order random.*\n--seed x/,
    );
  });
});
