import { describe, expect, it } from 'vitest';
import { sampleContext } from '../../test/sample/audit-context.ts';
import { sampleConfiguration, sampleNicSpec } from '../../test/sample/experiment.ts';
import { sampleSockperfMeasurement } from '../../test/sample/sockperf.ts';
import { sampleTrial } from '../../test/sample/trial.ts';
import { threadMissing } from './thread-missing.ts';

function judge(processNs: number) {
  const measurement = sampleSockperfMeasurement();
  const [first] = measurement.threads;
  const threads = first === undefined ? [] : [{ ...first, runNs: 10_000_000_000 }];
  const hostCpu = measurement.hostCpu;
  if (hostCpu === null) throw new Error('the sample has a host CPU');
  const ours = [{ name: 'qemu', part: 'vmm' as const, runNs: processNs }];
  return threadMissing.judge(sampleContext({ ...measurement, threads, hostCpu: { ...hostCpu, ours } }));
}

describe('thread-missing', () => {
  it('is silent within a twentieth and the ticks of a clock', () => {
    expect(judge(10_000_000_000)).toEqual([]);
    expect(judge(10_630_000_000)).toEqual([]);
  });

  it('doubts the cost where a part of the CPU time belongs to no known thread', () => {
    expect(judge(10_640_000_000)).toMatchObject([
      { level: 'doubt', message: expect.stringContaining('6.02 %') as string, concerns: ['cost'] },
    ]);
  });

  it('doubts the cost where vhost moved the packets and no worker of it was seen', () => {
    const measurement = sampleSockperfMeasurement();
    const configuration = sampleConfiguration({ nic: sampleNicSpec({ vhost: true }) });
    const judged = (threads: typeof measurement.threads) => {
      const of = { ...measurement, threads };
      return threadMissing.judge(sampleContext(of, { trial: sampleTrial({ configuration, measurements: [of] }) }));
    };
    expect(judged(measurement.threads)).toMatchObject([
      { level: 'doubt', message: expect.stringContaining('none of its workers') as string, concerns: ['cost'] },
    ]);
    expect(judged(measurement.threads.map((thread) => ({ ...thread, role: 'vhost' })))).toEqual([]);
    expect(judged([])).toEqual([]);
  });

  it('does not judge threads that were not read', () => {
    expect(threadMissing.judge(sampleContext({ ...sampleSockperfMeasurement(), threads: [] }))).toEqual([]);
  });
});
