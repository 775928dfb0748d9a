import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { builtInFile, builtInNames, packageRoot } from './built-in.ts';
import { loadExperiment } from './file/experiment-file.ts';

describe('built-in experiments', () => {
  it('are found from src/ and from dist/src/ alike', () => {
    const root = packageRoot();
    const built = pathToFileURL(join(root, 'dist/src/experiment/built-in.js')).href;
    expect(packageRoot(built)).toBe(root);
    expect(builtInNames(root)).toEqual(expect.arrayContaining(['quick', 'vm-to-host']));
  });

  it('says so where the installation has none', () => {
    expect(() => packageRoot('file:///nowhere/x.js')).toThrow(/no experiments\/ folder/);
  });

  it('are null for an unknown name', () => {
    expect(builtInFile('nothing')).toBeNull();
  });

  it.each(builtInNames())('%s is named like its file', async (name) => {
    const { experiment } = await loadExperiment({ nameOrPath: name, overrides: [] });
    expect(experiment.name).toBe(name);
  });

  it('vm-to-host has the figures of the lab note', async () => {
    const { experiment } = await loadExperiment({ nameOrPath: null, overrides: [] });
    expect(experiment).toMatchObject({
      name: 'vm-to-host',
      boots: 1,
      configurations: [
        {
          name: 'default',
          topology: 'vm-to-host',
          trace: { mode: 'separate', durationNs: 3e9 },
          workloads: [
            { kind: 'iperf3', durationNs: 30e9, streams: 4, direction: 'upload', protocol: 'tcp' },
            { kind: 'sockperf', durationNs: 30e9, mode: 'ping-pong', messageBytes: 64, protocol: 'udp' },
          ],
        },
      ],
    });
  });

  it('quick takes 3 s a workload and traces for 1 s', async () => {
    const { experiment } = await loadExperiment({ nameOrPath: 'quick', overrides: [] });
    expect(experiment.configurations[0]?.workloads.map((workload) => workload.durationNs)).toEqual([3e9, 3e9]);
    expect(experiment.configurations[0]?.trace.durationNs).toBe(1e9);
  });
});
