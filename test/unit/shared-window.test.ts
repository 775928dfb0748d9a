import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deriveTrial } from '../../src/derive/derive.ts';
import { Namespace } from '../../src/lab/namespace.ts';
import { TapbenchError } from '../../src/record/error.ts';
import type { Measurement } from '../../src/record/measurement.ts';
import { CallCounters } from '../../src/trial/call-counters.ts';
import type { FlowFailure, FlowOutcome } from '../../src/trial/flow-outcome.ts';
import type { Flow } from '../../src/trial/flows.ts';
import { loadsOf } from '../../src/trial/load.ts';
import { measurementRecord } from '../../src/trial/measurement-record.ts';
import { readFlows } from '../../src/trial/read-window.ts';
import type { RawOutput } from '../../src/workload/workload.ts';
import { sampleConfiguration, sampleIperf3Spec, sampleSockperfSpec } from '../sample/experiment.ts';
import { sampleHostCpu } from '../sample/probe-readings.ts';
import { sampleWorldTrial } from '../sample/world.ts';

const text = (path: string): string => readFileSync(join(import.meta.dirname, '../fixtures', path), 'utf8');

const small = sampleSockperfSpec({ durationNs: 1e9 });
const bulk = sampleIperf3Spec({ durationNs: 1e9, streams: 1 });
const specs = [small, bulk];
const configuration = sampleConfiguration({
  topology: 'host-to-host',
  workloads: specs,
  together: [specs.map(({ name }) => name)],
});

const answered = text('sockperf-3.7/ping-pong.txt');
const carried = text('iperf3-3.12/tcp.json');
const serverKilled = text('iperf3-3.12/server-killed.json');
const noReply = text('sockperf-3.7/no-server-udp.txt');

/** Neither end is asked for anything here. */
const end = { kind: 'namespace', namespace: new Namespace('nowhere', '/nowhere') } as const;
const flow: Flow = {
  plan: { name: 'flow1', client: 'client1', server: 'server1', address: '192.168.100.1' },
  client: end,
  server: end,
  link: { namespace: end.namespace, device: 'veth0' },
};
const window = { startNs: 1e9, endNs: 5e9 };
const told = { endpoint: 'host', argv: ['a', 'tool'], exitStatus: 0, files: [] };

/** What a window of both left, read and put into records: of each workload its stdout, or why there is none. */
async function recordsOf(left: readonly (string | TapbenchError)[], exitStatus: number | null = 0) {
  const loads = loadsOf(specs);
  const outcomes = loads.map((load, index): FlowOutcome | FlowFailure => {
    const stdout = left[index] ?? '';
    if (stdout instanceof TapbenchError) return { flow, load, failure: stdout };
    const isGood = stdout === answered || stdout === carried;
    const raw: RawOutput = { stdout, stderr: '', exitStatus: isGood ? 0 : exitStatus, files: {} };
    return { flow, load, raw, commands: { server: told, client: told }, traffic: { end: 'quiet', beganNs: 2e9 } };
  });
  const flows = await readFlows(outcomes, false);
  const readings = {
    machines: [],
    links: [],
    calls: null,
    hostCpu: sampleHostCpu(4e9, []),
    toolCpuNs: 0,
    toolResidentBytes: 0,
  };
  const outcome = { window, startedAt: '2025-01-01T12:00:00.000Z', flows: outcomes, machines: [], readings };
  const counters = await CallCounters.create({
    vmms: [],
    trace: configuration.trace,
    tracing: { isUsable: false, reason: 'not here' },
    attachDeadlineMs: 1,
    signal: new AbortController().signal,
  });
  const measured = { outcome, flows };
  const records = specs.map((spec) =>
    measurementRecord({ spec, specs, counters, measured, search: null, traced: null, failure: null }),
  );
  const trial = { ...sampleWorldTrial(...records), configuration };
  return { records, derived: deriveTrial(trial, { source: { kind: 'measured' }, host: null }).measurements };
}

function levelOf(measurement: Measurement | undefined, audit: string): string | null {
  return measurement?.findings.find((finding) => finding.audit === audit)?.level ?? null;
}

describe('of two workloads that share a window', () => {
  it('each has its figures, and names the other', async () => {
    const { records, derived } = await recordsOf([answered, carried]);
    expect(records.map(({ workload, underLoad }) => [workload, underLoad])).toEqual([
      [small.name, [bulk.name]],
      [bulk.name, [small.name]],
    ]);
    expect(records.map(({ flows }) => flows.map(({ failure }) => failure))).toEqual([[null], [null]]);
    expect(derived[0]?.latency?.halfRoundTripNs.p50).toBe(47_325);
    expect(derived[1]?.throughput?.bitsPerSecond).toBeGreaterThan(0);
  });

  it.each([
    { what: 'whose server was killed', stdout: serverKilled, exitStatus: 1, why: 'Connection reset by peer' },
    { what: 'whose output is cut off', stdout: carried.slice(0, -200), exitStatus: 0, why: '' },
    { what: 'that was ended by a signal', stdout: '', exitStatus: null, why: '' },
  ])('bulk data $what has the reason, and the round trips beside it stand', async ({ stdout, exitStatus, why }) => {
    const { records, derived } = await recordsOf([answered, stdout], exitStatus);
    const [requests, transfer] = records;
    expect(requests?.flows[0]).toMatchObject({
      failure: null,
      notMeasured: { throughput: expect.any(String) as string },
    });
    expect(derived[0]?.latency?.halfRoundTripNs.p50).toBe(47_325);
    expect(transfer?.flows[0]).toMatchObject({ throughput: null, latency: null, work: { payloadBytes: null } });
    const failure = transfer?.flows[0]?.failure ?? '';
    expect(failure).toMatch(/^iperf3/);
    expect(failure).toContain(why);
    expect(derived[1]).toMatchObject({ throughput: null, notMeasured: { throughput: `the flow failed: ${failure}` } });
    // Nobody knows how long the load that they are beside was under way.
    expect(levelOf(derived[0], 'load-cover')).toBe('doubt');
    expect(levelOf(derived[0], 'figure-missing')).toBeNull();
    expect(levelOf(derived[1], 'figure-missing')).toBe('void');
  });

  it('round trips without a reply have the reason, and the bulk data beside them stands', async () => {
    const { records, derived } = await recordsOf([noReply, carried], 1);
    expect(records[0]?.flows[0]?.failure).toContain('No messages were received from the server');
    expect(derived[0]).toMatchObject({ latency: null, underLoad: [bulk.name] });
    expect(derived[1]?.throughput?.bitsPerSecond).toBeGreaterThan(0);
    expect(derived.map((one) => levelOf(one, 'figure-missing'))).toEqual(['void', null]);
  });

  it("neither has a figure where the guest of both is gone, and costs are nobody's", async () => {
    const gone = new TapbenchError('GUEST_FAILED', 'the guest is gone');
    const { derived } = await recordsOf([gone, gone]);
    for (const { throughput, latency, notMeasured, cost } of derived) {
      expect({ throughput, latency }).toEqual({ throughput: null, latency: null });
      expect(notMeasured).toMatchObject({ throughput: 'the flow failed: the guest is gone' });
      expect(cost.vmmCpuNsPerGigabyte).toBeNull();
    }
  });
});
