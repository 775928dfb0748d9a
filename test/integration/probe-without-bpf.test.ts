import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findExecutable } from '../../src/lab/executable.ts';
import { start } from '../../src/lab/process.ts';
import { SystemCallTracer } from '../../src/probe/system-calls/system-calls.ts';

/** Where bpftrace is missing or refuses, the tracer must say why, at once, so that the caller can fall back. */
describe('the tracer on a machine that cannot trace', () => {
  const path = process.env['PATH'] ?? '';
  let folder = '';

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tapbench-path-'));
    // What the process runner needs, and who mounts tracefs.
    for (const name of ['setpriv', 'unshare', 'sh', 'mount'])
      symlinkSync((await findExecutable(name)) ?? name, join(folder, name));
  });
  afterEach(() => {
    process.env['PATH'] = path;
    rmSync(folder, { recursive: true, force: true });
  });

  /** In a pid namespace another one is asked for numbers of threads first: that one says that they are 7, again and again. */
  function fakeBpftrace(script: string): void {
    const file = join(folder, 'bpftrace');
    const writer = readFileSync('/proc/self/comm', 'utf8').trim();
    const numbers = `echo tapbench: attached; while echo "tapbench: number 7 7 ${writer}"; do /bin/sleep 0.01; done`;
    writeFileSync(file, `#!/bin/sh\ncase "$*" in *oom_score_adj_update*) ${numbers} ;; esac\n${script}\n`);
    chmodSync(file, 0o755);
  }

  async function failure(deadlineMs = 10_000): Promise<unknown> {
    await using idle = await start(['sleep', '60']);
    process.env['PATH'] = folder;
    return await SystemCallTracer.start({ pids: [idle.pid], isTimed: false, deadlineMs }).catch(
      (error: unknown) => error,
    );
  }

  it('says that there is no bpftrace', async () => {
    expect(await failure()).toMatchObject({
      code: 'PROBE_FAILED',
      message: expect.stringMatching(/bpftrace/) as string,
    });
  });

  it('repeats what bpftrace itself complains of, without the harmless', async () => {
    fakeBpftrace(
      "echo \"ERROR: couldn't set RLIMIT_MEMLOCK for bpftrace\" >&2; echo 'ERROR: bpftrace currently only supports running as the root user.' >&2; exit 1",
    );
    const message = 'bpftrace ended before it could attach: bpftrace currently only supports running as the root user.';
    expect(await failure()).toMatchObject({ code: 'PROBE_FAILED', message });
  });

  it('refuses output that is none of bpftrace', async () => {
    fakeBpftrace('echo tapbench: attached; exec /bin/sleep 60');
    expect(await failure()).toMatchObject({ code: 'PARSE_FAILED' });
  });

  it('gives up on a bpftrace that never attaches', async () => {
    fakeBpftrace('exec /bin/sleep 60');
    expect(await failure(300)).toMatchObject({ code: 'PROBE_FAILED' });
  });

  it('says that there is no such process', async () => {
    const none = SystemCallTracer.start({ pids: [4_194_305], isTimed: false, deadlineMs: 1_000 });
    await expect(none).rejects.toThrow(/no process 4194305/);
  });
});
