import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { archiveRun } from '../../src/api/archive.ts';
import { manifestName } from '../../src/store/archive/archive-manifest.ts';
import { mostRecordBytes } from '../../src/store/bounded-json.ts';
import { type Session, useSession } from '../integration/support/session.ts';
import { type Entry, manifestEntry, packed, tarGz, unpacked } from '../sample/archive.ts';
import { storeRun } from '../sample/history.ts';
import { temporaryFolder } from '../sample/temporary-folder.ts';

const peakFile = z.object({ residentBytes: z.number(), cpuMs: z.number() });
/** What Node and our own modules take is some 100 MB and half a second of it. */
const most = { residentBytes: 300e6, cpuMs: 5_000 };

async function peakOf(session: Session, words: readonly string[]) {
  const file = join(session.folder, 'peak.json');
  const preload = join(import.meta.dirname, '../integration/support/peak.mjs');
  const env = { NODE_OPTIONS: `--import=${preload}`, TAPBENCH_PEAK_FILE: file };
  const result = await session.run(words, { env });
  return { ...result, peak: peakFile.parse(JSON.parse(await readFile(file, 'utf8'))) };
}

const runId = '20261120T100000Z-ab-0000';

/** An archive of one record, which need not be one. */
function archiveOf(content: string, path = 'run.json'): Buffer {
  return tarGz([manifestEntry(runId, [{ path, content }]), { path: `${runId}/${path}`, content }]);
}

function manifestOf(files: string): Entry {
  const head = `{"archiveVersion":1,"runId":"${runId}","schemaVersion":4,"tapbenchVersion":"1","hasRawFiles":true,"files":`;
  return { path: manifestName, content: `${head}${files}}` };
}

const file = (index: number) => `{"path":"a${String(index).padStart(6, '0')}","bytes":0,"sha256":"${'0'.repeat(64)}"}`;
const list = (of: string, bytes: number) =>
  `[${Array(Math.floor(bytes / (of.length + 1)))
    .fill(of)
    .join(',')}]`;
const keys = Array.from({ length: 200_000 }, (_, index) => `"k${String(index)}":1`).join(',');
const paths = (depth: number) => `{"path":"${'a/'.repeat(depth)}b","bytes":0,"sha256":"${'0'.repeat(64)}"}`;

describe('an archive that is to exhaust this machine', () => {
  const session = useSession();

  it.each<[string, () => Buffer]>([
    ['a manifest of 64 MiB', () => tarGz([manifestOf(list('{}', 64e6))])],
    ['a manifest of a million values that are none', () => tarGz([manifestOf(list('1', 2e6))])],
    ['a manifest of lists in lists', () => tarGz([manifestOf('['.repeat(8e6) + ']'.repeat(8e6))])],
    [
      'a manifest of 120,000 files',
      () => tarGz([manifestOf(`[${Array.from({ length: 120_000 }, (_, index) => file(index)).join(',')}]`)]),
    ],
    ['a manifest of deep paths', () => tarGz([manifestOf(list(paths(500), 15e6))])],
    [
      'a manifest of checksums that are none',
      () => tarGz([manifestOf(list('{"path":"a","bytes":0,"sha256":""}', 4e6))]),
    ],
    ['a manifest of one key many times over', () => tarGz([{ path: manifestName, content: `{${keys}}` }])],
    ['a header of a size that no number holds', () => gzipSync(Buffer.alloc(512, 255))],
    ['extended headers without end', () => gzipSync(Buffer.concat(Array<Buffer>(20_000).fill(extendedHeader())))],
    ['a record of a million values that are none', () => archiveOf(`{"schemaVersion":4,"plan":${list('{}', 3e6)}}`)],
    ['a record of lists', () => archiveOf(`{"schemaVersion":4,"plan":${list('[]', mostRecordBytes - 100)}}`)],
    ['a record of lists in lists', () => archiveOf('['.repeat(8e6) + ']'.repeat(8e6))],
    ['a record of keys', () => archiveOf(`{"schemaVersion":4,${keys}}`)],
    ['a record of keys below', () => archiveOf(`{"schemaVersion":4,"host":{"sysctls":{${keys}}}}`)],
    [
      'a record of numbers out of range',
      () =>
        archiveOf(
          `{"schemaVersion":4,"source":{"kind":"lab-note","file":"x","sha256":"x","lineCount":1,"notRecorded":${list('-1', 3e6)},"leftOut":[]}}`,
        ),
    ],
    [
      'a record of ids that are none',
      () =>
        archiveOf(`{"schemaVersion":4,"plan":${list('{"trialId":"","configuration":"","block":1,"boot":1}', 9e6)}}`),
    ],
    ['tags that are none', () => archiveOf(`{"schemaVersion":4,"tags":${list('""', 3e6)}}`, 'tags.json')],
    ['a record that is one long text', () => archiveOf(`{"schemaVersion":4,"runId":"${'x'.repeat(30e6)}"}`)],
    ['a tag of 30 MB', () => archiveOf(`{"schemaVersion":4,"tags":["${'x'.repeat(30e6)}"]}`, 'tags.json')],
    ['a record larger than any', () => archiveOf(' '.repeat(mostRecordBytes + 1))],
  ])('with %s is refused in little time and memory', async (_what, bytes) => {
    const archive = join(session().folder, 'evil.tar.gz');
    await writeFile(archive, bytes());
    const result = await peakOf(session(), ['import', archive]);
    expect(result).toMatchObject({ exitStatus: 2, stdout: '' });
    expect(result.stderr).toMatch(/^tapbench: evil\.tar\.gz: /);
    expect(result.stderr.length).toBeLessThan(2_000);
    expect(result.peak.residentBytes).toBeLessThan(most.residentBytes);
    expect(result.peak.cpuMs).toBeLessThan(most.cpuMs);
    expect(existsSync(session().store)).toBe(false);
  });
});

/** A whole extended header with its content. */
function extendedHeader(): Buffer {
  const bytes = Buffer.alloc(1024);
  bytes.write('PaxHeader/x', 0);
  bytes.write('0000644\0', 100);
  bytes.write('00000000013\0', 124);
  bytes.write('        ', 148);
  bytes.write('x', 156);
  const sum = bytes.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  bytes.write('11 path=ab\n', 512);
  return bytes;
}

describe('an import that is interrupted', () => {
  const session = useSession();
  let archive = '';
  let left: AsyncDisposable | null = null;

  beforeAll(async () => {
    const folder = await temporaryFolder();
    left = folder;
    const store = join(folder.path, 'source');
    const { runId: id } = await storeRun(store);
    const records = join(folder.path, 'records.tar.gz');
    await archiveRun(id, { store, output: records });
    const { files } = unpacked(await readFile(records));
    // Does not shrink: to be read and written it takes seconds.
    const raw = { path: 'raw', content: randomBytes(96e6).toString('base64') };
    archive = join(folder.path, 'run.tar.gz');
    await writeFile(archive, packed(id, [...files, raw]));
  });
  afterAll(async () => {
    await left?.[Symbol.asyncDispose]();
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('by %s leaves nothing and exits 130', async (signal) => {
    const store = session().store;
    const drafts = async () => (await readdir(store).catch(() => [])).filter((name) => name.startsWith('.import-'));

    const command = await session().start(['import', archive]);
    while ((await drafts()).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    command.signal(signal);
    const result = await command.ended;
    expect(result).toMatchObject({ exitStatus: 130, stdout: '' });
    expect(result.stderr).toBe(`tapbench: interrupted by ${signal}\n`);
    expect(await readdir(store)).toEqual(['.tapbench-store']);
  });
});
