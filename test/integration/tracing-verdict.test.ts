import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cacheFolder } from '../../src/host/folders.ts';
import { findProgram } from '../../src/host/program.ts';
import { type TracingVerdict, tracingVerdict } from '../../src/preflight/tracing.ts';
import { requireOrSkip } from './requirement.ts';
import { realNumbers } from './support/real-bpftrace.ts';

const attaches = `printf '%s\\n' '{"type": "printf", "data": "tapbench: attached\\n"}'`;
/** Sleeps until a signal comes, which a shell in a foreground command takes only after it. */
const waits = 'while :; do sleep 60 & wait $!; done';

describe('the verdict on tracing', () => {
  const { PATH, XDG_CACHE_HOME } = process.env;
  let folder = '';
  let numbers = '';

  beforeEach(async () => {
    numbers = await realNumbers();
    folder = mkdtempSync(join(tmpdir(), 'tapbench-tracing-'));
    process.env['PATH'] = `${folder}:${PATH ?? ''}`;
    process.env['XDG_CACHE_HOME'] = join(folder, 'cache');
  });
  afterEach(() => {
    process.env['PATH'] = PATH;
    if (XDG_CACHE_HOME === undefined) delete process.env['XDG_CACHE_HOME'];
    else process.env['XDG_CACHE_HOME'] = XDG_CACHE_HOME;
    rmSync(folder, { recursive: true, force: true });
  });

  function fakeBpftrace(script: string): void {
    const file = join(folder, 'bpftrace');
    writeFileSync(file, `#!/bin/sh\n[ "$1" != --version ] || exec echo bpftrace v9.9\n${numbers}\n${script}\n`);
    chmodSync(file, 0o755);
  }

  async function ask(canRecall = true): Promise<TracingVerdict> {
    const bpftrace = await findProgram('bpftrace', { cacheFolder: cacheFolder() });
    return await tracingVerdict({ bpftrace, isTimed: false, canRecall });
  }

  it.skipIf(process.getuid?.() !== 0).each([
    ['refuses', 'echo "stdin:1:1-9: ERROR: no such tracepoint" >&2; echo "~~~~~" >&2; exit 1', /: no such tracepoint$/],
    ['prints no maps', `trap '' URG; ${attaches}; ${waits}`, /did not dump its maps within \d+ ms$/],
    [
      'counts nothing of what is its',
      `trap 'echo "{\\"type\\": \\"map\\", \\"data\\": {\\"@zz\\": 1}}"' URG; ${attaches}; ${waits}`,
      /counted 0 of 50 known calls/,
    ],
  ])('of a bpftrace that %s gives the reason, and is not remembered', async (_, script, reason) => {
    fakeBpftrace(script);
    expect(await ask()).toEqual({ isUsable: false, reason: expect.stringMatching(reason) as string });
    expect(readdirSync(join(folder, 'cache/tapbench'))).not.toContain('tracing-verdict.json');
  });

  it('says that there is no bpftrace', async () => {
    const verdict = await tracingVerdict({ bpftrace: null, isTimed: false, canRecall: true });
    expect(verdict).toMatchObject({
      isUsable: false,
      reason: expect.stringMatching(/not installed|needs root/) as string,
    });
  });
});

const describeHere = await requireOrSkip('root', 'bpf');

describeHere('the verdict on a tracer that works', () => {
  it('is found by counting, and asked of nobody a second time', async () => {
    const { XDG_CACHE_HOME } = process.env;
    const folder = mkdtempSync(join(tmpdir(), 'tapbench-tracing-'));
    process.env['XDG_CACHE_HOME'] = folder;
    const bpftrace = await findProgram('bpftrace', { cacheFolder: cacheFolder() });
    const told: string[] = [];
    const ask = async (isTimed: boolean): Promise<TracingVerdict> =>
      await tracingVerdict({ bpftrace, isTimed, canRecall: true }, (event) => told.push(event.kind));
    const first = await ask(false);
    expect(first).toMatchObject({
      isUsable: true,
      reason: expect.stringContaining('counted 50 known calls') as string,
    });
    expect(await ask(false)).toEqual(first);
    expect(told).toEqual(['start', 'end']);
    // Another script.
    expect(await ask(true)).toMatchObject({ isUsable: true });
    expect(told).toHaveLength(4);
    if (XDG_CACHE_HOME === undefined) delete process.env['XDG_CACHE_HOME'];
    else process.env['XDG_CACHE_HOME'] = XDG_CACHE_HOME;
    rmSync(folder, { recursive: true });
  });
});
