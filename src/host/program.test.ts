import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findProgram, findPrograms } from './program.ts';
import { programVersion, versionIn } from './program-version.ts';

describe('findProgram', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tapbench-program-'));
    await mkdir(join(folder, 'bin'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  const search = () => ({ cacheFolder: join(folder, 'cache'), path: join(folder, 'bin') });

  /** A program that writes a line each time it is asked for its version. */
  async function install(version: string, mode = 0o755): Promise<void> {
    const draft = join(folder, 'draft');
    await writeFile(draft, `#!/bin/sh\necho asked >>${folder}/asked\necho made ${version}\n`);
    await chmod(draft, mode);
    await rename(draft, join(folder, 'bin/made'));
  }

  it('gives path, version and checksum, and no package for what no package owns', async () => {
    await install('1.2.3');
    expect(await findProgram('made', search())).toEqual({
      name: 'made',
      path: join(folder, 'bin/made'),
      version: '1.2.3',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      package: null,
    });
  });

  it('records no longer answer than a version', async () => {
    await install(`1.2.${'3'.repeat(90)}`);
    expect((await findProgram('made', search()))?.version).toMatch(/^1\.2\.3+$/);
    await install(`1.2.${'3'.repeat(100_000)}`);
    expect((await findProgram('made', search()))?.version).toBe('unknown');
  });

  it('asks a program once, and again when the file was replaced', async () => {
    await install('1.2.3');
    const first = await findProgram('made', search());
    expect(await findProgram('made', search())).toEqual(first);
    expect(await readFile(join(folder, 'asked'), 'utf8')).toBe('asked\n');
    await install('1.2.4');
    expect((await findProgram('made', search()))?.version).toBe('1.2.4');
  });

  it('is not misled by a cache that is broken', async () => {
    await install('1.2.3');
    await mkdir(join(folder, 'cache'));
    await writeFile(join(folder, 'cache/program-facts.json'), '{"schemaVersion":1,"programs":{"');
    expect((await findProgram('made', search()))?.version).toBe('1.2.3');
  });

  it('remembers no program that is gone, and no longer answer than a version', async () => {
    const cache = join(folder, 'cache/program-facts.json');
    await install('1.2.3');
    const made = await findProgram('made', search());
    const { programs } = JSON.parse(await readFile(cache, 'utf8')) as { programs: Record<string, object> };
    const [known] = Object.values(programs);
    const write = async (more: object): Promise<void> => {
      await writeFile(cache, JSON.stringify({ schemaVersion: 1, programs: { ...programs, ...more } }));
    };
    await write({ '/gone': known });
    await install('1.2.4');
    await findProgram('made', search());
    expect(await readFile(cache, 'utf8')).not.toContain('/gone');
    await write({ '/bin/sh': { ...known, version: '7'.repeat(3_000_000) } });
    expect((await findProgram('made', search()))?.path).toBe(made?.path);
    expect((await readFile(cache, 'utf8')).length).toBeLessThan(1_000);
  });

  it('finds nothing that may not be executed, and nothing that is absent', async () => {
    await install('1.2.3', 0o644);
    expect(await findPrograms(['made', 'tapbench-is-not-installed'], search())).toEqual([null, null]);
  });

  it('uses the parser of the one who asks', async () => {
    await install('1.2.3');
    const query = { name: 'made', parseVersion: (output: string) => output.trim().toUpperCase() };
    expect((await findProgram(query, search()))?.version).toBe('MADE 1.2.3');
  });
});

it('knows no version of a program that does not know the question', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tapbench-program-'));
  const path = join(folder, 'made');
  await writeFile(path, '#!/bin/sh\necho "made: invalid option -- \'-\', see made 1.2" >&2\nexit 1\n');
  await chmod(path, 0o755);
  expect(await programVersion(path, { name: 'made' })).toBe('unknown');
  await rm(folder, { recursive: true });
});

it('ends what a program leaves behind when it has said its version', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tapbench-program-'));
  const path = join(folder, 'made');
  await writeFile(path, `#!/bin/sh\necho made 1.2\nsleep 60 >/dev/null 2>&1 &\necho $! >${folder}/pid\n`);
  await chmod(path, 0o755);
  expect(await programVersion(path, { name: 'made' })).toBe('1.2');
  const left = await readFile(join(folder, 'pid'), 'utf8');
  // It may stand there as a zombie until somebody asks for its end.
  const state = async () =>
    (await readFile(`/proc/${left.trim()}/status`, 'utf8').catch(() => 'State: X')).match(/^State:\s+(\w)/m)?.[1];
  await expect.poll(state, { timeout: 2_000, interval: 5 }).toMatch(/[XZ]/);
  await rm(folder, { recursive: true });
});

describe('versionIn', () => {
  it.each([
    ['QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18+b3)', '7.2.22'],
    ['bpftrace v0.17.0', '0.17.0'],
    ['iperf 3.12 (cJSON 1.7.15)', '3.12'],
    ['sockperf, version 3.7-no.git', '3.7-no.git'],
    ['ip utility, iproute2-6.1.0, libbpf 1.1.2', '6.1.0'],
    ['kmod version 30', '30'],
    ['mke2fs 1.47.0 (5-Feb-2023)\n\tUsing EXT2FS Library version 1.47.0', '1.47.0'],
    ['BusyBox v1.35.0 (Debian 1:1.35.0-4+deb12u1+b1) multi-call binary.', '1.35.0'],
    ['a program of few words', 'a program of few words'],
    ['', 'unknown'],
  ])('of %j is %j', (output, version) => {
    expect(versionIn(output)).toBe(version);
  });
});
