import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Measurement } from '../../src/record/measurement.ts';
import { requireOrSkip } from './requirement.ts';
import { useSession } from './support/session.ts';
import { latestRun, measurementOf, only } from './support/stored-run.ts';

const describeHere = await requireOrSkip('root', 'tap', 'image');

const both = `
  - { kind: http, duration: 1s, connections: 4, threads: 2 }
  - { kind: http, name: fresh, duration: 1s, connections: 4, keepAlive: off, response: 16K }`;

function perSecond({ latency }: Measurement): number {
  return latency?.requests?.perSecond ?? 0;
}

describeHere('requests over HTTP', () => {
  const session = useSession();

  async function ran(name: string, fields: string, workloads = both) {
    const file = join(session().folder, `${name}.yaml`);
    await writeFile(file, `${fields}\nworkloads:${workloads}\n`);
    const result = await session().run(['run', file]);
    expect(result.exitStatus, result.stderr).toBe(0);
    expect(await session().leaks()).toEqual([]);
    return { result, trial: only((await latestRun(session())).trials) };
  }

  it.each(['vm-to-host', 'host-to-vm'])('keep their connections or make new ones, %s', async (topology) => {
    const { result, trial } = await ran(topology, `topology: ${topology}\ntrace: { duration: 1s }`);
    const [kept, fresh] = [measurementOf(trial, 'http'), measurementOf(trial, 'fresh')];
    for (const one of [kept, fresh]) {
      expect(one.latency).toMatchObject({
        mode: 'closed-loop',
        requests: { refusals: 0, timeouts: 0, connectErrors: 0 },
      });
      expect(one.latency?.histogram).not.toBeNull();
      expect(one.work.roundTrips).toBeGreaterThan(100);
      expect(one.cost.systemCallsPerRoundTrip).toBeGreaterThan(0);
      expect(one.findings.map(({ audit }) => audit)).not.toContain('failed-requests');
    }
    // A handshake and an end for each.
    expect(perSecond(fresh)).toBeLessThan(perSecond(kept));
    expect(fresh.link?.toGuest.packets).toBeGreaterThan(3 * (fresh.work.roundTrips ?? 0));
    expect(fresh.latency?.messageBytes).toBe(16_384);
    expect(result.stdout).toContain('requests a second');
  });

  it('of two pairs have the sum of their rates', async () => {
    const { trial } = await ran('pairs', 'topology: host-to-host\npairs: 2', '\n  - { kind: http, duration: 1s }');
    const whole = measurementOf(trial, 'http');
    const rates = (whole.flows ?? []).map(({ latency }) => latency?.requests?.perSecond ?? 0);
    expect(rates).toHaveLength(2);
    expect(perSecond(whole)).toBeCloseTo((rates[0] ?? 0) + (rates[1] ?? 0), 6);
    expect(whole.hostCpu?.ours.map(({ name }) => name)).toContain('ended tools');
  });

  it('share a window with bulk data', async () => {
    const shared = '\n  - together: [{ kind: http, duration: 1s }, { kind: iperf3, duration: 1s }]';
    const { trial } = await ran('shared', 'topology: host-to-vm\ntrace: off', shared);
    expect(measurementOf(trial, 'http')).toMatchObject({ underLoad: ['iperf3'], latency: { mode: 'closed-loop' } });
    expect(measurementOf(trial, 'iperf3').throughput?.bitsPerSecond).toBeGreaterThan(1e6);
  });
});
