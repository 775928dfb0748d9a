import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { requireOrSkip } from './requirement.ts';
import { useSession } from './support/session.ts';
import { latestRun, only } from './support/stored-run.ts';

const labNote = join(import.meta.dirname, '../fixtures/lab-note/note/vm-client.md');
const describeHere = await requireOrSkip('root', 'tap', 'image', 'bpf');

describe('a lab note written by a person', () => {
  const session = useSession();

  it('is checked: what contradicts itself is void, with the line, and the exit status says so', async () => {
    const result = await session().run(['notes', 'check', labNote]);
    expect(result).toMatchObject({ exitStatus: 4, stderr: '' });
    expect(result.stdout).toMatch(/void +untraced-data-path/);
    expect(result.stdout).toContain('line 41 firecracker, sockperf');
  });

  it('comes into the store marked as one, and is listed, shown and compared like a run', async () => {
    const imported = await session().run(['import', labNote]);
    expect(imported.exitStatus).toBe(0);
    const id = imported.stdout.trim();
    const again = await session().run(['import', labNote]);
    expect(again.stdout.trim()).toBe(id);
    expect(again.stderr).toContain('the store has this run already');
    expect((await session().run(['list', '--where', 'source=lab-note'])).stdout).toContain(id);
    expect((await session().run(['show', id])).stdout).toContain('written by a person, not measured by tapbench');
    expect((await session().run(['compare', labNote, id])).exitStatus).toBe(0);
    expect((await session().run(['run', '--resume', id])).exitStatus).toBe(2);
  });

  it('gives the experiment of its own commands, and makes nothing', async () => {
    const result = await session().run(['reproduce', labNote, '--dry-run']);
    expect(result).toMatchObject({ exitStatus: 0, stderr: '' });
    expect(result.stdout).toContain('messageBytes: 64');
    const file = join(session().folder, 'again.yaml');
    await writeFile(file, result.stdout);
    expect((await session().run(['plan', file])).exitStatus).toBe(0);
  });

  it('is refused where it is no note', async () => {
    const file = join(session().folder, 'note.md');
    await writeFile(file, Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2]));
    for (const words of [
      ['notes', 'check', file],
      ['import', file],
      ['reproduce', file],
      ['show', file],
    ]) {
      const result = await session().run(words);
      expect(result).toMatchObject({ exitStatus: 2, stdout: '' });
      expect(result.stderr).toContain('is binary');
    }
  });
});

describeHere('a lab note done again', () => {
  const session = useSession();

  it('stands beside what this machine gives, traced as the note was, and its report is a note again', async () => {
    const words = ['reproduce', labNote, '--duration', '1s', '--set', 'vmm.accel=tcg', '--set', 'vmm.kind=qemu'];
    const result = await session().run([...words, '--json']);
    expect(result.exitStatus).toBe(0);
    const { figures } = JSON.parse(result.stdout) as { figures: { what: string; noted: number; here: number[] }[] };
    const throughput = only(figures.filter(({ what }) => what === 'throughput.bitsPerSecond'));
    expect(throughput.noted).toBe(16.4e9);
    expect(only(throughput.here)).toBeGreaterThan(0);
    const reads = only(figures.filter(({ what }) => what === 'vmm read a round trip'));
    expect(only(reads.here)).toBeCloseTo(3, 0);
    const run = await latestRun(session());
    expect(run.trials[0]?.measurements.map(({ systemCalls }) => systemCalls?.mode)).toEqual(['inline', 'inline']);
    const report = join(session().store, run.runId, 'report.md');
    expect(await readFile(report, 'utf8')).toContain('@total[');
    const read = await session().run(['show', report, '--json']);
    const [noted] = (JSON.parse(read.stdout) as typeof run).trials;
    expect(noted?.measurements.map(({ latency }) => latency?.halfRoundTripNs)).toEqual(
      run.trials[0]?.measurements.map(({ latency }) => latency?.halfRoundTripNs),
    );
  });
});
