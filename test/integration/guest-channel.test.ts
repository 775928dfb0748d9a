import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadExperiment } from '../../src/experiment/file/experiment-file.ts';
import { tscKhz } from '../../src/host/tsc-frequency.ts';
import { Ledger, readLedgers } from '../../src/lab/ledger.ts';
import { identityOf, isAlive } from '../../src/lab/process-identity.ts';
import { findVmm } from '../../src/preflight/find-vmm.ts';
import { guestImage } from '../../src/preflight/image.ts';
import { readLinkTotals } from '../../src/probe/link.ts';
import { driverOf } from '../../src/vmm/drivers.ts';
import type { Machine } from '../../src/world/boot.ts';
import { makeWorld, type World } from '../../src/world/world.ts';
import { requireOrSkip } from './requirement.ts';
import { condition } from './support/session.ts';
import { only } from './support/stored-run.ts';

const limitMs = 30_000;

async function bootOne(folder: string, ledger: Ledger): Promise<World> {
  const { experiment } = await loadExperiment({ nameOrPath: 'quick', overrides: [] });
  const image = await guestImage(() => undefined);
  const configuration = only(experiment.configurations);
  const { path: binary, version } = await findVmm(configuration);
  const bootable = {
    driver: driverOf(configuration.vmm.kind),
    binary,
    version,
    accel: 'tcg',
    isPvm: false,
    setpriv: null,
    tscKhz: await tscKhz(),
    kernel: { bzImage: image.bzImage, elf: image.vmlinux },
    initrd: image.initramfs,
    rootfs: null,
  } as const;
  const labName = `tapbench-${String(process.pid)}-channel`;
  const { signal } = new AbortController();
  const world = await makeWorld({
    configuration,
    bootables: new Map([['client', bootable]]),
    ledger,
    labName,
    folder,
    bootDeadlineMs: 60_000,
    signal,
  });
  await world.up;
  return world;
}

const describeHere = await requireOrSkip('root', 'tap', 'image');

describeHere('the channel to a guest', () => {
  let folder = '';
  let ledger: Ledger | null = null;
  let booted: World | null = null;
  const machine = (): Machine => {
    if (booted === null) throw new Error('no guest');
    return only(booted.machines);
  };
  const guest = () => machine().guest;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'integration-'));
    ledger = Ledger.open(join(folder, 'ledger'), 'test');
    booted = await bootOne(folder, ledger);
  });
  afterAll(async () => {
    const vmm = booted === null ? null : identityOf(machine().vmm.pid);
    await booted?.[Symbol.asyncDispose]();
    ledger?.[Symbol.dispose]();
    const left = readLedgers(join(folder, 'ledger'));
    await rm(folder, { recursive: true, force: true });
    expect(left).toEqual({ dead: [], live: [], foreign: [] });
    expect(vmm === null || isAlive(vmm)).toBe(false);
  });

  it('brings exit status, stdout and stderr of a command', async () => {
    const result = await guest().run(['sh', '-c', 'echo "to stdout"; echo "to stderr" >&2; exit 3'], limitMs);
    expect(result).toMatchObject({ exitStatus: 3, signal: null, stdout: 'to stdout\n', stderr: 'to stderr\n' });
    expect(await guest().run(['no-such-program'], limitMs)).toMatchObject({ exitStatus: 127 });
  });

  it('keeps quotes, spaces and what looks like its own protocol as they are', async () => {
    const words = ["it's", '"quoted"', 'a  b', '$HOME', '`id`', '\\', '*', 'ü', ''];
    const { stdout } = await guest().run(['printf', '%s|', ...words], limitMs);
    expect(stdout).toBe(words.map((word) => `${word}|`).join(''));
    const binary = await guest().evaluate(String.raw`printf '\036R 1 0 -\n\036.\n\036A 7\n\000\001z'`, limitMs);
    expect(binary.stdout).toBe('\x1eR 1 0 -\n\x1e.\n\x1eA 7\n\x00\x01z');
  });

  it('brings an output that is too large for the console, to the last byte', async () => {
    const lines = Array.from({ length: 20_000 }, (_, index) => `${String(index + 1)}\n`).join('');
    const { stdout, stderr } = await guest().evaluate('seq 1 20000; seq 1 20000 >&2', limitMs);
    expect(stdout === lines).toBe(true);
    expect(stderr === lines).toBe(true);
  });

  it('fetches a file of 20 MB whole', async () => {
    const made = await guest().evaluate('head -c 20000000 /dev/urandom >/tmp/big; md5sum /tmp/big', limitMs);
    const to = join(folder, 'big');
    await guest().fetch('/tmp/big', to);
    const bytes = await readFile(to);
    expect(bytes.length).toBe(20_000_000);
    expect(createHash('md5').update(bytes).digest('hex')).toBe(made.stdout.split(' ')[0]);
    await guest().run(['rm', '/tmp/big'], limitMs);
  });

  it('says that a file to fetch is not there', async () => {
    await expect(guest().fetch('/nowhere', join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'CHANNEL_FAILED' });
    expect(await guest().run(['echo', 'well'], limitMs)).toMatchObject({ stdout: 'well\n' });
  });

  it('kills a command at its deadline and goes on', async () => {
    const late = await guest().run(['sleep', '1000'], 1_000);
    expect(late).toMatchObject({ exitStatus: null, isTimedOut: true });
    expect(await guest().run(['echo', 'well'], limitMs)).toMatchObject({ stdout: 'well\n', exitStatus: 0 });
  });

  it('starts and stops a server', async () => {
    const server = await guest().start(['sh', '-c', 'echo up; exec sleep 1000']);
    expect((await guest().run(['kill', '-0', String(server.pid)], limitMs)).exitStatus).toBe(0);
    expect(await server.stop()).toMatchObject({ stdout: 'up\n' });
    expect((await guest().run(['kill', '-0', String(server.pid)], limitMs)).exitStatus).toBe(1);
  });

  it('kills the client of a window that is over its time, and goes on', async () => {
    const armed = await guest().arm(['sh', '-c', 'echo begun; exec sleep 1000'], { gateMs: 1, limitMs: 300 });
    expect(await guest().collect(armed, [])).toMatchObject({ status: 128 + 9, stdout: 'begun\n' });
    expect(await guest().run(['echo', 'well'], limitMs)).toMatchObject({ stdout: 'well\n', exitStatus: 0 });
  });

  it.each([
    { when: 'with its reply', isAskedBefore: false },
    { when: 'after its reply, where that was asked for before', isAskedBefore: true },
  ])('sends the files of a window $when', async ({ isAskedBefore }) => {
    const files = ['one', 'two'].map((name) => ({ from: `/tmp/${name}`, to: join(folder, name) }));
    const client = 'seq 1 50000 >/tmp/one; echo end >/tmp/two; seq 1 20000';
    const armed = await guest().arm(['sh', '-c', client], { gateMs: 1, limitMs });
    if (isAskedBefore) armed.ask();
    const { status, stdout } = await guest().collect(armed, files);
    expect({ status, lines: stdout.split('\n').length }).toEqual({ status: 0, lines: 20_001 });
    expect((await readFile(join(folder, 'one'), 'utf8')).split('\n').length).toBe(50_001);
    expect(await readFile(join(folder, 'two'), 'utf8')).toBe('end\n');
  });

  it('sends nothing of a window whose client failed', async () => {
    const to = join(folder, 'nothing');
    const armed = await guest().arm(['sh', '-c', 'echo half >/tmp/half; exit 3'], { gateMs: 1, limitMs });
    expect(await guest().collect(armed, [{ from: '/tmp/half', to }])).toMatchObject({ status: 3 });
    expect(await guest().run(['cat', '/tmp/half'], limitMs)).toMatchObject({ stdout: 'half\n' });
  });

  it('is silent from the armed window until it is asked', async () => {
    const { plan, namespace } = machine();
    const { channel } = guest();
    const packets = (): number => readLinkTotals([{ namespace, device: plan.tap }])[0]?.packets ?? 0;
    // The last thing it does is seen on the link.
    const client = `echo done; echo $((6 * 7)) >&2; ping -c 1 ${plan.receiver.address} >/dev/null`;
    const armed = await guest().arm(['sh', '-c', client], { gateMs: 50, limitMs });
    const before = { packets: packets(), bytes: channel.consoleBytes };
    let hasReplied = false;
    void armed.reply.then(() => (hasReplied = true));
    await condition('a packet of the client', () => (packets() > before.packets ? true : null));
    expect({ hasReplied, bytes: channel.consoleBytes - before.bytes }).toEqual({ hasReplied: false, bytes: 0 });
    const texts = await guest().collect(armed, []);
    expect(texts).toMatchObject({ status: 0, stdout: 'done\n', stderr: '42\n' });
    expect(texts.resources).toContain('MemTotal');
  });
});
