import { statSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SampleHeader, sampleRunEnd, sampleRunHeader } from '../../test/sample/run.ts';
import { sampleFailedTrial, sampleGatheredTrial } from '../../test/sample/trial.ts';
import { gatheredOf } from '../record/gathered-of.ts';
import { schemaVersion } from '../record/run.ts';
import { writeDurably } from './durable-file.ts';
import { isRunId } from './run-id.ts';
import { type NewRun, Store } from './store.ts';
import { storeFailed } from './store-error.ts';

let folder = '';
let store = Store.open('/nowhere');

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tapbench-store-'));
  store = Store.open(join(folder, 'store'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

function newRun(changes: Partial<SampleHeader> = {}): NewRun {
  const { startedAt, source, command, experiment, experimentSource, plan, host } = sampleRunHeader(changes);
  return { startedAt, source, command, experiment, experimentSource, plan, host };
}

const plan = ['001-qemu-b1', '002-qemu-b2', '003-qemu-b3'].map((trialId, index) => ({
  trialId,
  configuration: 'qemu',
  block: index + 1,
  boot: index + 1,
}));

/** All files below the store that are not records: there should be none. */
async function leftovers(): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => name.includes('.tmp'));
}

describe('a run in the store', () => {
  it('is read back as it was written', async () => {
    const header = await store.createRun(newRun({ plan }));
    const trials = [
      sampleGatheredTrial({ runId: header.runId, trialId: '001-qemu-b1' }),
      gatheredOf(sampleFailedTrial({ runId: header.runId, trialId: '002-qemu-b2' })),
    ];
    for (const trial of trials) await store.writeTrial(trial);
    await store.writeEnd(header.runId, sampleRunEnd({ status: 'interrupted' }));
    await store.writeEnd(header.runId, sampleRunEnd());
    expect(await store.readRun(header.runId)).toEqual({
      folder: store.runFolder(header.runId),
      header,
      trials,
      ends: [sampleRunEnd({ status: 'interrupted' }), sampleRunEnd()],
      tags: [],
      damaged: [],
    });
    expect(await leftovers()).toEqual([]);
  });

  it('has an id that sorts by its start and names its experiment', async () => {
    const { runId } = await store.createRun(newRun({ startedAt: '2026-11-22T22:45:33.456Z' }));
    expect(runId).toMatch(/^20261122T224533Z-vm-to-host-[0-9a-f]{4}$/);
    expect(isRunId(runId)).toBe(true);
  });

  it('gets an id of its own among many of the same second', async () => {
    const headers = await Promise.all(Array.from({ length: 40 }, () => store.createRun(newRun())));
    expect(new Set(headers.map((header) => header.runId)).size).toBe(40);
  });

  it.each([0o000, 0o077])('gives nothing to others than owner and group, with umask %o', async (mask) => {
    const before = process.umask(mask);
    try {
      const header = await store.createRun(newRun({ plan }));
      await store.openTrial(header.runId, '001-qemu-b1');
      await store.writeTrial(sampleGatheredTrial({ runId: header.runId, trialId: '001-qemu-b1' }));
    } finally {
      process.umask(before);
    }
    const modes = (await readdir(folder, { recursive: true })).map(
      (name) => [name, statSync(join(folder, name))] as const,
    );
    for (const [name, stats] of modes) {
      const most = stats.isDirectory() ? 0o750 : 0o640;
      expect([name, stats.mode & 0o777]).toEqual([name, most & ~mask]);
    }
    expect(modes.length).toBeGreaterThan(4);
  });

  it('counts a trial folder without trial.json as unfinished', async () => {
    const header = await store.createRun(newRun({ plan }));
    await store.writeTrial(sampleGatheredTrial({ runId: header.runId, trialId: '001-qemu-b1' }));
    await store.writeTrial(gatheredOf(sampleFailedTrial({ runId: header.runId, trialId: '003-qemu-b3' })));
    await store.openTrial(header.runId, '002-qemu-b2');
    const { trials } = await store.readRun(header.runId);
    expect(trials.map(({ trialId }) => trialId)).toEqual(['001-qemu-b1', '003-qemu-b3']);
  });

  it('puts what an earlier attempt left aside, and counts attempts', async () => {
    const { runId } = await store.createRun(newRun({ plan }));
    const first = await store.openTrial(runId, '001-qemu-b1');
    await writeFile(join(first.folder, 'console.txt'), 'first');
    const second = await store.openTrial(runId, '001-qemu-b1');
    const third = await store.openTrial(runId, '001-qemu-b1');
    expect([first, second, third].map((opened) => opened.attempt)).toEqual([1, 2, 3]);
    expect(await readdir(third.folder)).toEqual([]);
    const kept = join(store.runFolder(runId), 'abandoned', '001-qemu-b1-1', 'console.txt');
    expect(await readFile(kept, 'utf8')).toBe('first');
  });

  it('keeps its readable trials when one is damaged', async () => {
    const header = await store.createRun(newRun({ plan }));
    const { runId } = header;
    for (const { trialId } of plan) await store.writeTrial(sampleGatheredTrial({ runId, trialId }));
    const damagedFile = join(store.trialFolder(runId, '001-qemu-b1'), 'trial.json');
    await writeFile(damagedFile, (await readFile(damagedFile, 'utf8')).slice(0, 500));
    const changedFile = join(store.trialFolder(runId, '002-qemu-b2'), 'trial.json');
    await writeFile(changedFile, JSON.stringify({ ...sampleGatheredTrial(), boot: 'one', extra: 1 }));
    const run = await store.readRun(runId);
    expect(run.trials.map((trial) => trial.trialId)).toEqual(['003-qemu-b3']);
    expect(run.damaged.map(({ file, error }) => [file, error.code])).toEqual([
      [damagedFile, 'RECORD_INVALID'],
      [changedFile, 'RECORD_INVALID'],
    ]);
    expect(run.damaged[0]?.error.message).toContain(`${damagedFile}: not JSON`);
    expect(run.damaged[1]?.error.message).toMatch(/boot: .*; \(root\): .*extra/);
    expect(run.trials).toHaveLength(header.plan.length - 2);
  });

  it('says so when a newer tapbench wrote it', async () => {
    const { runId } = await store.createRun(newRun());
    const file = join(store.runFolder(runId), 'run.json');
    const text = await readFile(file, 'utf8');
    const newer = schemaVersion + 1;
    await writeFile(file, text.replace(`"schemaVersion": ${schemaVersion}`, `"schemaVersion": ${newer}`));
    await expect(store.readRun(runId)).rejects.toThrow(
      `written by a newer tapbench (schema ${newer}; this one reads up to ${schemaVersion})`,
    );
  });
});

describe('the list of runs', () => {
  it('is newest first, with what is known of each', async () => {
    const old = await store.createRun(newRun({ startedAt: '2026-01-01T00:00:00Z', plan }));
    const recent = await store.createRun(newRun({ startedAt: '2026-01-02T00:00:00Z' }));
    await store.writeTrial(sampleGatheredTrial({ runId: old.runId, trialId: '001-qemu-b1' }));
    await store.writeEnd(old.runId, sampleRunEnd({ status: 'interrupted' }));
    const list = await store.listRuns();
    expect(list.map((summary) => summary.runId)).toEqual([recent.runId, old.runId]);
    expect(list).toMatchObject([
      { status: 'unfinished', plannedTrials: 1, finishedTrials: 0 },
      {
        status: 'interrupted',
        plannedTrials: 3,
        finishedTrials: 1,
        experiment: 'vm-to-host',
        workloads: ['iperf3', 'sockperf'],
      },
    ]);
  });

  it('is empty for a store that does not exist', async () => {
    expect(await store.listRuns()).toEqual([]);
  });

  it('shows a damaged run as such and passes over what is no run', async () => {
    const { runId } = await store.createRun(newRun());
    await writeFile(join(store.runFolder(runId), 'run.json'), '{');
    await mkdir(join(store.folder, 'notes'));
    await writeFile(join(store.folder, 'README'), '');
    expect(await store.listRuns()).toMatchObject([
      { runId, status: 'damaged', problem: expect.stringContaining('not JSON') as string },
    ]);
  });
});

describe('a run that is begun', () => {
  it('is none before its header is there, even where its first trial has begun', async () => {
    const run = newRun({ plan });
    const runId = await store.beginRun(run);
    await store.openTrial(runId, '001-qemu-b1');
    expect(await store.listRuns()).toEqual([]);
    await store.writeHeader(runId, run);
    expect(await store.listRuns()).toMatchObject([{ runId, status: 'unfinished', problem: null }]);
  });

  it('is a damaged one where a trial has a record and the header is gone', async () => {
    const { runId } = await store.createRun(newRun({ plan }));
    await store.writeTrial(sampleGatheredTrial({ runId, trialId: '001-qemu-b1' }));
    await rm(join(store.runFolder(runId), 'run.json'));
    expect(await store.listRuns()).toMatchObject([{ runId, status: 'damaged', problem: 'there is no run.json' }]);
  });
});

describe('finding a run', () => {
  it('takes latest, a full id, a unique beginning, the last digits and a path', async () => {
    const first = await store.createRun(newRun({ startedAt: '2026-01-01T00:00:00Z' }));
    const second = await store.createRun(newRun({ startedAt: '2026-02-01T00:00:00Z' }));
    const texts = [
      'latest',
      second.runId,
      '202602',
      second.runId.slice(-4),
      store.runFolder(second.runId),
      join(store.runFolder(second.runId), 'run.json'),
    ];
    for (const text of texts) {
      expect(await store.resolveRun(text)).toEqual({ runId: second.runId, folder: store.runFolder(second.runId) });
    }
    await expect(store.resolveRun('2026')).rejects.toMatchObject({
      code: 'RUN_NOT_FOUND',
      message: expect.stringContaining(first.runId) as string,
    });
  });

  it('names the nearest for an unknown one', async () => {
    const { runId } = await store.createRun(newRun({ startedAt: '2026-01-01T00:00:00Z' }));
    await expect(store.resolveRun('20260111')).rejects.toThrow(`the nearest is ${runId}`);
    await expect(store.resolveRun('./nothing')).rejects.toThrow('no run here');
    await expect(store.resolveRun('')).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
  });

  it('says when there is none at all', async () => {
    await expect(store.resolveRun('latest')).rejects.toThrow('holds no runs');
  });
});

describe('a store that cannot be written', () => {
  it('says why and what to do', async () => {
    await writeFile(join(folder, 'file'), '');
    const under = Store.open(join(folder, 'file', 'store'));
    await expect(under.createRun(newRun())).rejects.toMatchObject({
      code: 'STORE_FAILED',
      hint: expect.stringContaining('--store') as string,
    });
    await expect(under.checkWritable()).rejects.toMatchObject({ code: 'STORE_FAILED' });
    await expect(Store.open('/proc/tapbench').checkWritable()).rejects.toMatchObject({ code: 'STORE_FAILED' });
  });

  it('says that a disk is full', async () => {
    const cause: unknown = await writeFile('/dev/full', 'x').catch((error: unknown) => error);
    expect(storeFailed('run.json can’t be written', cause)).toMatchObject({
      code: 'STORE_FAILED',
      exitStatus: 3,
      hint: expect.stringContaining('disk is full') as string,
    });
  });

  it('is left without a temporary file', async () => {
    await mkdir(join(folder, 'taken'));
    await expect(writeDurably(join(folder, 'taken'), 'x')).rejects.toMatchObject({ code: 'STORE_FAILED' });
    expect(await leftovers()).toEqual([]);
  });

  it('passes the check where it can be', async () => {
    await store.checkWritable();
    expect(await readdir(store.folder)).toEqual(['.tapbench-store']);
  });

  it('refuses ids that lead out of it', async () => {
    const { runId } = await store.createRun(newRun());
    for (const id of ['..', '../x', 'a/b', '', '.hidden', 'a\0b']) {
      await expect(store.openTrial(runId, id)).rejects.toMatchObject({ code: 'STORE_FAILED' });
      expect(() => store.runFolder(id)).toThrow(/can't be the name/);
    }
  });

  it('never writes through a link that stands where the record goes', async () => {
    await writeFile(join(folder, 'mine'), 'mine');
    await symlink(join(folder, 'mine'), join(folder, 'record.json'));
    await writeDurably(join(folder, 'record.json'), 'new');
    expect(await readFile(join(folder, 'mine'), 'utf8')).toBe('mine');
  });
});
