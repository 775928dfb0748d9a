import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { ParseError } from '../../record/error.ts';
import { latency } from '../../record/latency.ts';
import { replyOutput } from './commands.ts';
import { pingReader } from './output/reader.ts';
import { ping } from './ping.ts';
import type { PingSpec } from './record.ts';

const fixture = (name: string) =>
  fileURLToPath(new URL(`../../../test/fixtures/iputils-20221126/${name}`, import.meta.url));
const text = (name: string) => readFileSync(fixture(name), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'ping-test-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const spec: PingSpec = { name: 'ping', kind: 'ping', durationNs: 2e9, intervalNs: 0, messageBytes: 56 };
const place = { serverAddress: '10.0.0.1', clientFolder: '/tmp/w', keepsLog: true };

function read(path: string) {
  return pingReader.read({ stdout: '', stderr: '', exitStatus: 0, files: { [replyOutput]: path } }, spec);
}

function readText(output: string) {
  const path = join(folder, 'ping.txt');
  writeFileSync(path, output);
  return read(path);
}

describe('the command lines of ping', () => {
  it('send the next request when the last one was answered, or at an interval', () => {
    expect(ping.client(spec, place)).toEqual({
      argv: ['sh', '-c', 'exec /bin/ping -n -A -w 2 -s 56 10.0.0.1 >/tmp/w/ping.txt'],
      env: {},
      outputs: { replies: '/tmp/w/ping.txt' },
    });
    expect(ping.client({ ...spec, intervalNs: 10e6 }, place).argv[2]).toContain(' -i 0.01 ');
  });

  it('need no server: the kernel answers', () => {
    expect(ping.server()).toBeNull();
  });
});

describe('the output of ping', () => {
  it('gives the round trips of all replies', async () => {
    const { latency: found, messages, payloadBytes, throughput } = await read(fixture('adaptive.txt'));
    expect(latency.parse(found)).toEqual(found);
    expect(found).toMatchObject({
      protocol: 'icmp',
      mode: 'echo',
      messages: 300,
      sentMessages: 300,
      droppedMessages: 0,
      duplicatedMessages: 0,
      outOfOrderMessages: 0,
      durationNs: 3e6,
      roundTripNs: { min: 3_000, p50: 4_000, max: 169_000 },
      halfRoundTripNs: { min: 1_500, p50: 2_000, max: 84_500 },
    });
    expect({ messages, payloadBytes, throughput }).toEqual({ messages: 300, payloadBytes: 600 * 56, throughput: null });
  });

  it('is read at an interval, and of a client that was interrupted', async () => {
    expect((await read(fixture('interval.txt'))).latency).toMatchObject({ messages: 119, durationNs: 1_997e6 });
    expect((await read(fixture('interrupted.txt'))).latency).toMatchObject({ messages: 34, durationNs: 589e6 });
  });

  it('counts what was lost, doubled and out of order, and sequence numbers that begin anew', async () => {
    const line = (sequence: number, end = '') =>
      `64 bytes from 10.0.0.1: icmp_seq=${String(sequence)} ttl=64 time=1.23 ms${end}\n`;
    const lines = [
      line(65_535),
      line(0),
      line(2),
      line(2, ' (DUP!)'),
      line(1),
      'From 10.0.0.9 icmp_seq=3 Time to live exceeded\n',
    ];
    const closing =
      '\n--- 10.0.0.1 ping statistics ---\n' +
      '6 packets transmitted, 4 received, +1 duplicates, +1 errors, 33.3333% packet loss, time 4001ms\n' +
      'rtt min/avg/max/mdev = 1.229/1.230/1.234/0.002 ms, pipe 2\n';
    expect((await readText(lines.join('') + closing)).latency).toMatchObject({
      sentMessages: 6,
      receivedMessages: 4,
      droppedMessages: 2,
      duplicatedMessages: 1,
      outOfOrderMessages: 1,
    });
  });

  it('is refused where it is cut off anywhere', async () => {
    const whole = text('interval.txt');
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 2), async (length) => {
        await expect(readText(whole.slice(0, length))).rejects.toThrow(ParseError);
      }),
      { numRuns: 60 },
    );
  });

  it('is refused where its lines and its own sums are of different runs', async () => {
    const whole = text('interval.txt');
    await expect(readText(whole.replace('time=0.009', 'time=0.900'))).rejects.toThrow('rtt');
    await expect(readText(whole.replace(/^.*icmp_seq=7 .*\n/m, ''))).rejects.toThrow('119 replies');
    await expect(readText(text('no-reply.txt'))).rejects.toThrow(ParseError);
    await expect(read(join(folder, 'none'))).rejects.toThrow('cannot be opened');
  });

  it('of a client that failed is its complaint', async () => {
    const raw = { stdout: '', stderr: text('unreachable.stderr.txt'), exitStatus: 2, files: {} };
    await expect(pingReader.read(raw, spec)).rejects.toThrow(
      'ping failed (exit status 2): /bin/ping: connect: Network is unreachable',
    );
    await expect(pingReader.read({ ...raw, stderr: '', exitStatus: 1 }, spec)).rejects.toThrow('no reply came');
  });
});

describe('ping in an experiment’s file', () => {
  const mistakesOf = (fields: object) =>
    ping.inFile.schema.safeParse({ kind: 'ping', ...fields }).error?.issues.map(({ message }) => message);

  it('has limits: whole milliseconds of at most a second, bytes in which a time fits', () => {
    expect(mistakesOf({ interval: '10ms', messageBytes: 16 })).toBeUndefined();
    expect(mistakesOf({ interval: '1500us' })).toEqual(['must be whole milliseconds: ping takes no fractions of one']);
    expect(mistakesOf({ interval: '2s' })).toEqual(['must be at most 1s']);
    expect(mistakesOf({ messageBytes: 8 })).toHaveLength(1);
  });

  it('is what a note of it can be repeated as', () => {
    expect(ping.repeatable({ ...spec, durationNs: null, intervalNs: null, messageBytes: null })).toEqual({
      fields: { kind: 'ping', duration: '30s', interval: '0ms', messageBytes: 56 },
      assumed: ['30 s, as the note does not say for how long', '56 bytes a request, as the note does not say'],
    });
    expect(ping.repeatable({ ...spec, messageBytes: 3 })).toHaveProperty('impossible');
  });
});
