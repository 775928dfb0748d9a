import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../../test/sample/temporary-folder.ts';
import type { ProcessResult, StartedProcess } from '../lab/process.ts';
import { TapbenchError } from '../record/error.ts';
import { type ArmedWindow, Channel } from './channel.ts';
import { Guest } from './machine.ts';
import type { Reply } from './reply.ts';

/** What the host sees of a process: it goes on until it is stopped. */
function running(stdout: PassThrough | null = null): StartedProcess {
  const end = Promise.withResolvers<ProcessResult>();
  const result = { argv: [], exitStatus: 0, signal: null, stdout: '', stderr: '', durationNs: 0, isTimedOut: false };
  return {
    pid: 1,
    argv: [],
    stdin: null,
    stdout,
    ended: end.promise,
    hasEnded: false,
    stderrSoFar: () => '',
    signal: () => true,
    stop: async () => {
      stdout?.end();
      end.resolve(result);
      return await end.promise;
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.resolve();
    },
  };
}

const memoryBytes = 100_000;

/** A guest that answers each request by `answer`, and sends `sent` where it is to send a file. */
function guestThat(
  folder: string,
  answer: (id: string, request: string) => string,
  { sent = [], ends = false }: { readonly sent?: readonly Buffer[]; readonly ends?: boolean } = {},
) {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const channel = new Channel(running(), { input, output }, () => undefined);
  input.setEncoding('utf8').on('data', (line: string) => {
    const [, id = '', request = ''] = /^(\d+) (.*)/.exec(line.replace('\x1d ', '')) ?? [];
    output.write(answer(id, request));
  });
  const start = async (): Promise<StartedProcess> => {
    const received = new PassThrough();
    for (const piece of sent) received.write(piece);
    if (ends) received.end();
    return await Promise.resolve(running(received));
  };
  const receiver = { start, address: '', port: 0 };
  const guest = new Guest({ name: 'vm', channel, receiver, folder, memoryBytes, isEmulated: false });
  return guest;
}

/** A reply with these files. */
function replied(id: string, ...files: readonly string[]): string {
  const all = Buffer.from(files.join(''));
  if (all.length === 0) return `\x1eR ${id} 0 -${' 0'.repeat(files.length)}\n\x1e.\n`;
  const sizes = files.map((file) => String(Buffer.byteLength(file))).join(' ');
  return `\x1eR ${id} 0 gzip ${sizes}\n${gzipSync(all).toString('base64')}\n\x1e.\n`;
}

const failed = (message: string | RegExp) => ({
  code: 'CHANNEL_FAILED',
  message: expect.stringMatching(message) as string,
});

describe('a guest that is not what it should be', () => {
  it('breaks the channel by a reply without end', async () => {
    await using folder = await temporaryFolder();
    const guest = guestThat(folder.path, (id) => `\x1eR ${id} 0 gzip 4\n${'A'.repeat(200_000)}`);
    await expect(guest.evaluate('x', 5_000)).rejects.toMatchObject(failed('does not end'));
    await expect(guest.evaluate('x', 5_000)).rejects.toMatchObject(failed('does not end'));
  });

  it('is sent a line again whose beginning it lost, and not without end', async () => {
    await using folder = await temporaryFolder();
    const lines: string[] = [];
    const hearing = (lost: number) =>
      guestThat(folder.path, (id, request) => {
        lines.push(request);
        return lines.length > lost ? replied(id, 'heard', '') : '\x1eN\n';
      });
    expect(await hearing(2).evaluate('x', 5_000)).toMatchObject({ stdout: 'heard' });
    expect(lines).toEqual(['F x', 'F x', 'F x']);
    lines.length = 0;
    await expect(hearing(1_000).evaluate('x', 5_000)).rejects.toMatchObject(failed('understands no line'));
    expect(lines.length).toBeLessThan(100);
  });

  it('holds nobody who is interrupted by a reply to a window that it never armed', async () => {
    await using folder = await temporaryFolder();
    const guest = guestThat(folder.path, (id) => replied(id, '', '', ''));
    const armed = guest.arm(['client'], { gateMs: 1, limitMs: 1 });
    // The reply has come by then: `evaluate` is refused while a request waits.
    await vi.waitFor(async () => await guest.evaluate('x', 1_000), { timeout: 5_000, interval: 1 });
    guest.channel.abort(new TapbenchError('INTERRUPTED', 'interrupted'));
    await expect(armed).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });

  it.each([
    '',
    'x',
    '1',
    '1 /etc/passwd',
    '1 /tmp/tapbench/../x',
    '1 /tmp/tapbench/server.1\nO',
    '1 /tmp/tapbench/server.\0',
  ])('names no file of the host by its handle of a server: %j', async (handle) => {
    await using folder = await temporaryFolder();
    const guest = guestThat(folder.path, (id) => replied(id, handle, ''));
    await expect(guest.start(['iperf3'])).rejects.toMatchObject(failed('no handle'));
    expect(await readdir(folder.path)).toEqual([]);
  });

  it('may pack nothing that is larger than a reply', async () => {
    await using folder = await temporaryFolder();
    const bomb = gzipSync(Buffer.alloc(50_000_000)).toString('base64');
    const guest = guestThat(folder.path, (id) => `\x1eR ${id} 0 gzip 50000000\n${bomb}\n\x1e.\n`);
    await expect(guest.evaluate('x', 5_000)).rejects.toMatchObject(failed('was damaged'));
  });

  const large = (...sizes: readonly number[]): Reply => ({ status: 0, files: null, sizes });
  /** A window whose command has ended; `isFirst`: nobody has asked for its reply. */
  const ended = (reply: Reply, isFirst = true): ArmedWindow => ({ reply: Promise.resolve(reply), ask: () => isFirst });

  it('is not believed that a text may have any size', async () => {
    await using folder = await temporaryFolder();
    const guest = guestThat(folder.path, (id) => replied(id, '', ''));
    await expect(guest.collect(ended(large(5_000_000, 0, 0)), [], 1_000_000)).rejects.toMatchObject(
      failed('out of the guest has 5000000 bytes, and at most 1000000 are taken'),
    );
    expect(await readdir(folder.path)).toEqual([]);
  });

  it('can send no more of a text than it said, and of a file than it has memory', async () => {
    await using folder = await temporaryFolder();
    const guest = guestThat(folder.path, () => '', { sent: [Buffer.alloc(60_000), Buffer.alloc(60_000)] });
    await expect(guest.collect(ended(large(20_000, 0, 0)), [], 1_000_000)).rejects.toMatchObject(
      failed('more than the 20000 bytes'),
    );
    const log = join(folder.path, 'log');
    const other = guestThat(folder.path, () => '', { sent: [Buffer.alloc(60_000), Buffer.alloc(60_000)] });
    await expect(other.fetch('/tmp/log', log)).rejects.toMatchObject(
      failed(`more than the ${String(memoryBytes)} bytes`),
    );
    expect((await stat(log)).size).toBeLessThanOrEqual(memoryBytes);
  });

  it('sends a file whose checksum must be that of what came', async () => {
    await using folder = await temporaryFolder();
    const content = Buffer.from('a log');
    const log = join(folder.path, 'log');
    const md5 = createHash('md5').update(content).digest('hex');
    const honest = guestThat(folder.path, (id) => replied(id, `${md5}  -\n`, ''), { sent: [content] });
    const fetched = honest.fetch('/tmp/log', log);
    await expect(Promise.race([fetched, new Promise((resolve) => setTimeout(resolve, 300, 'open'))])).resolves.toBe(
      'open',
    );
    expect(await readFile(log, 'utf8')).toBe('a log');
  });

  const content = Buffer.from('a log');
  const md5 = createHash('md5').update(content).digest('hex');
  const ofWindow = (sent: string): Reply => ({
    status: 0,
    files: ['figures', '', '', sent],
    sizes: [7, 0, 0, sent.length],
  });

  it('sends the file of a window with its reply', async () => {
    await using folder = await temporaryFolder();
    const to = join(folder.path, 'log');
    const guest = guestThat(folder.path, () => '', { sent: [content], ends: true });
    const end = await guest.collect(ended(ofWindow(`${md5}  -\n`)), [{ from: '/tmp/log', to }]);
    expect(end).toMatchObject({ status: 0, stdout: 'figures' });
    expect(await readFile(to, 'utf8')).toBe('a log');
  });

  it.each([
    ['what is not what it says', `${'0'.repeat(32)}  -\n`, /^\/tmp\/log was damaged/],
    ['nothing, and why', "/tmp/log can't be read\n", /^the guest could not send \/tmp\/log: \/tmp\/log can't be read/],
    ['nothing, without a word', '', /^the guest could not send \/tmp\/log: it said nothing/],
  ])('is not believed where it sent with a reply %s', async (_what, sent, message) => {
    await using folder = await temporaryFolder();
    const guest = guestThat(folder.path, () => '', { sent: [content], ends: true });
    const files = [{ from: '/tmp/log', to: join(folder.path, 'log') }];
    await expect(guest.collect(ended(ofWindow(sent)), files)).rejects.toMatchObject(failed(message));
  });

  it('is asked for the file of a window by itself where its reply was asked for before', async () => {
    await using folder = await temporaryFolder();
    const to = join(folder.path, 'log');
    const guest = guestThat(folder.path, (id) => replied(id, `${md5}  -\n`, ''), { sent: [content], ends: true });
    await guest.collect(ended(ofWindow(''), false), [{ from: '/tmp/log', to }]);
    expect(await readFile(to, 'utf8')).toBe('a log');
  });

  it('ends a trial at once where its file is too large', async () => {
    await using folder = await temporaryFolder();
    const guest = guestThat(folder.path, () => '', { sent: [Buffer.alloc(memoryBytes + 1)] });
    const silent = { reply: new Promise<Reply>(() => undefined), ask: () => true };
    const files = [{ from: '/tmp/log', to: join(folder.path, 'log') }];
    await expect(guest.collect(silent, files)).rejects.toMatchObject(failed('more than the'));
  });
});
