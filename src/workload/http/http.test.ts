import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ParseError } from '../../record/error.ts';
import { latency } from '../../record/latency.ts';
import type { RawOutput } from '../workload.ts';
import { http } from './http.ts';
import { httpReader } from './output/reader.ts';
import type { HttpSpec } from './record.ts';

function text(name: string): string {
  return readFileSync(fileURLToPath(new URL(`../../../test/fixtures/wrk-4.1.0/${name}`, import.meta.url)), 'utf8');
}

const spec: HttpSpec = {
  name: 'http',
  kind: 'http',
  durationNs: 1e9,
  connections: 1,
  keepAlive: true,
  responseBytes: 1024,
  threads: 1,
  workers: 1,
};
const place = { serverAddress: '10.0.0.1', clientFolder: '/tmp/w', keepsLog: true };

function read(stdout: string, more: Partial<RawOutput & HttpSpec> = {}) {
  const { connections = 1, stderr = '', exitStatus = 0 } = more;
  return httpReader.read({ stdout, stderr, exitStatus, files: {} }, { ...spec, connections });
}

describe('the command lines of nginx and wrk', () => {
  it('keep connections, or ask for each to be closed', () => {
    const kept = http.client({ ...spec, connections: 8, threads: 2 }, place).argv;
    const url = 'http://10.0.0.1:8080/body';
    expect(kept.slice(6)).toEqual(['-t', '2', '-c', '8', '-d', '1s', '--latency', url]);
    expect(kept[5]).toContain('s.requests / 8)');
    const closed = http.client({ ...spec, keepAlive: false }, place).argv;
    expect(closed.slice(-4)).toEqual(['--latency', '-H', 'Connection: close', url]);
  });

  it('serve a file of so many bytes with so many workers, and end no connection by themselves', () => {
    const { argv, ready } = http.server({ ...spec, responseBytes: 4096, workers: 3 }, place);
    expect(argv.at(-1)).toBe('4096');
    expect(argv.at(-2)).toContain('worker_processes 3;');
    expect(argv.at(-2)).toContain('listen 10.0.0.1:8080 ');
    expect(ready).toEqual({ protocol: 'tcp', port: 8080 });
  });
});

it('every command is one line: a guest is told no other', () => {
  const { argv } = http.server(spec, place);
  expect([...argv, ...http.client(spec, place).argv].filter((word) => /\p{Cc}/u.test(word))).toEqual([]);
});

describe('the output of wrk', () => {
  it('gives the requests that were sent, without those that wrk adds for coordinated omission', async () => {
    const { latency: found, messages, payloadBytes, throughput } = await read(text('keep-alive.txt'));
    expect(latency.parse(found)).toEqual(found);
    expect(found).toMatchObject({
      protocol: 'tcp',
      mode: 'closed-loop',
      messages: 19_646,
      messageBytes: 1024,
      durationNs: 1_124_672_000,
      requests: { replyBytes: 24_832_544, connectErrors: 0, readErrors: 0, writeErrors: 0, timeouts: 0, refusals: 0 },
    });
    expect(found?.requests?.perSecond.toFixed(2)).toBe('17468.20');
    // wrk's own text has 6.72 ms for the mean and 114.58 ms for p99: more than one connection has time for.
    expect(found?.roundTripNs.p50).toBe(23_000);
    expect((found?.roundTripNs.mean ?? 0) * 19_646).toBeLessThan(1_124_672_000);
    expect(found?.roundTripNs.max).toBe(131_108_000);
    expect({ messages, throughput }).toEqual({ messages: 19_646, throughput: null });
    expect(payloadBytes).toBe(24_832_544 + 19_646 * 43);
  });

  it.each([
    ['new-connections.txt', 2],
    ['two-threads.txt', 4],
  ])('of %s accounts for every request', async (name, connections) => {
    const { latency: found } = await read(text(name), { connections });
    expect(found?.requests?.refusals).toBe(0);
    expect(found?.messages).toBeGreaterThan(1000);
  });

  it('counts replies that say that a request failed', async () => {
    const { latency: found } = await read(text('not-found.txt'));
    expect(found?.requests?.refusals).toBe(found?.messages);
  });

  it('keeps those that came too late out of the times', async () => {
    const late = text('keep-alive.txt')
      .replace('"requests":19646', '"requests":19650')
      .replace('"timeout":0', '"timeout":4');
    expect((await read(late)).latency).toMatchObject({
      messages: 19_646,
      receivedMessages: 19_650,
      requests: { timeouts: 4 },
    });
  });

  it('is refused where it is cut off anywhere', async () => {
    const whole = text('keep-alive.txt');
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), async (length) => {
        await expect(read(whole.slice(0, length))).rejects.toThrow(ParseError);
      }),
      { numRuns: 60 },
    );
  });

  it('is refused where its figures are not of one run', async () => {
    const whole = text('keep-alive.txt');
    await expect(read(whole.replace('"requests":19646', '"requests":19647'))).rejects.toThrow('19647 were answered');
    await expect(read(whole.replace('"us":1124672', '"us":112467'))).rejects.toThrow('more than 1 connections');
  });

  it.each([
    ['"status":0', '"status":19647', 'requests failed'],
    [']}', ',5]}', 'has no count'],
    [']}', ',0,0]}', 'is there twice'],
  ])('is refused where it says %s otherwise: %s', async (from, to, message) => {
    await expect(read(text('keep-alive.txt').replace(from, to))).rejects.toThrow(message);
  });

  it('of a client that failed, or was never answered, is its complaint', async () => {
    const refused = { stderr: text('refused.stderr.txt'), exitStatus: 1 };
    await expect(read('', refused)).rejects.toThrow('wrk failed (exit status 1): unable to connect to 10.9.0.1:8080');
    await expect(read(text('silent.txt'), { connections: 2 })).rejects.toThrow('no request was answered in time');
  });
});

describe('HTTP in an experiment’s file', () => {
  const schema = http.inFile.schema;
  const mistakesOf = (fields: object) =>
    schema.safeParse({ kind: 'http', ...fields }).error?.issues.map(({ path }) => path.join('.'));

  it('has defaults and limits', () => {
    const written = schema.parse({ kind: 'http' });
    expect(http.inFile.spec(written)).toEqual({ ...spec, durationNs: 30e9, connections: 16 });
    expect(
      mistakesOf({ connections: 900, keepAlive: 'off', response: '16M', threads: 30, workers: 32 }),
    ).toBeUndefined();
    expect(mistakesOf({ connections: 901 })).toEqual(['connections']);
    expect(mistakesOf({ response: '17M' })).toEqual(['response']);
    expect(mistakesOf({ keepAlive: 'sometimes' })).toEqual(['keepAlive']);
  });

  it('wants as many connections for each thread: wrk would leave the rest out', () => {
    const mistake = (fields: object) => http.inFile.mistake(schema.parse({ kind: 'http', ...fields }));
    expect(mistake({ connections: 10, threads: 4 })).toMatchObject({ key: 'connections' });
    expect(mistake({ connections: 2, threads: 4 })).toMatchObject({ key: 'connections' });
    expect(mistake({ connections: 12, threads: 4 })).toBeNull();
  });

  it('is what a note of it can be repeated as', () => {
    const nothing = {
      durationNs: null,
      connections: null,
      keepAlive: null,
      responseBytes: null,
      threads: null,
      workers: null,
    };
    expect(http.repeatable({ ...spec, ...nothing })).toEqual({
      fields: {
        kind: 'http',
        duration: '30s',
        connections: 16,
        keepAlive: 'on',
        response: '1024B',
        threads: 1,
        workers: 1,
      },
      assumed: [
        'connections kept alive, as the note does not say',
        '30 s, as the note does not say for how long',
        '16 connections, as the note does not say how many',
        'replies of 1024 bytes, as the note does not say',
      ],
    });
    expect(http.repeatable({ ...spec, connections: 1000 })).toHaveProperty('impossible');
  });
});
