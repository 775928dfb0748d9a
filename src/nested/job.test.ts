import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { run } from '../lab/process.ts';
import { type JobOptions, jobScript, nestedPaths } from './job.ts';

const folder = mkdtempSync(join(tmpdir(), 'tapbench-job-'));
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a job's script on this machine, its results in a folder of ours. `sh -c` stands for tapbench. */
async function runJob(commands: JobOptions['commands'], hasVmms = false) {
  const results = join(folder, 'out');
  const script = jobScript({ commands, tapbench: ['bash'], hasVmms, trees: [], workingFolder: join(folder, 'work') });
  const here = script.replaceAll(nestedPaths.results, results);
  const { stderr } = await run(['bash', '-c', here], { deadlineMs: 10_000 });
  return { stderr, read: (name: string) => readFileSync(join(results, name), 'utf8') };
}

describe("a job's script", () => {
  it('keeps what each command printed and its status, and goes on after one that failed', async () => {
    const { read } = await runJob([
      { name: 'first', argv: ['-c', 'echo "it\'s one"; exit 4'] },
      { name: 'second', argv: ['-c', 'pwd'] },
    ]);
    expect([read('first.stdout'), read('first.status')]).toEqual(["it's one\n", '4\n']);
    expect([read('second.stdout'), read('second.status')]).toEqual([`${join(folder, 'work')}\n`, '0\n']);
  });

  it('shows stderr while it keeps it', async () => {
    const { stderr, read } = await runJob([{ name: 'run', argv: ['-c', 'echo progress >&2'] }]);
    expect([stderr, read('run.stderr')]).toEqual(['progress\n', 'progress\n']);
  });

  it('begins no further command after Ctrl-C, and keeps the status of the one that it ended', async () => {
    const { read } = await runJob([
      { name: 'run', argv: ['-c', 'kill -INT $PPID; exit 130'] },
      { name: 'next', argv: ['-c', 'true'] },
    ]);
    expect(read('run.status')).toBe('130\n');
    expect(() => read('next.status')).toThrow();
  });

  it('says where the VMMs are only where some were carried along', async () => {
    const commands = [{ name: 'run', argv: ['-c', 'echo "$TAPBENCH_VMM_DIR"'] }];
    const none = await runJob(commands);
    expect(none.read('run.stdout')).toBe(`${process.env['TAPBENCH_VMM_DIR'] ?? ''}\n`);
    const some = await runJob(commands, true);
    expect(some.read('run.stdout')).toBe('/vmm\n');
  });
});
