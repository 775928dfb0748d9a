import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { vmmErrorLimits, vmmErrors } from '../record/probe-readings.ts';
import { VmmOutputProbe } from './vmm-output.ts';

describe('the output of a VMM over a window', () => {
  let folder = '';
  let stderr = '';
  let log = '';
  let probe = new VmmOutputProbe([]);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tapbench-output-'));
    stderr = join(folder, 'vmm.stderr');
    log = join(folder, 'vmm.log');
    probe = new VmmOutputProbe([
      { path: stderr, isError: () => true },
      { path: log, isError: (line) => line.startsWith('ERROR') },
    ]);
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** What came of a window in which this was written. */
  async function inWindow(write: () => void) {
    const opening = await probe.snapshot();
    write();
    const closing = await probe.snapshot();
    appendFileSync(stderr, 'after the window\n');
    return vmmErrors.parse(probe.difference(opening, closing));
  }

  it('has no lines where nothing was written, and where no file was made', async () => {
    expect(await inWindow(() => undefined)).toEqual({ count: 0, lines: [] });
    expect(await inWindow(() => undefined)).toEqual({ count: 0, lines: [] });
  });

  it('has the errors of the window alone, of both files', async () => {
    writeFileSync(stderr, 'before the window\n');
    writeFileSync(log, 'ERROR before\n');
    const errors = await inWindow(() => {
      appendFileSync(stderr, 'failed to read tap\n\n');
      appendFileSync(log, 'WARN slow\r\nERROR queue broken\r\n');
    });
    expect(errors).toEqual({ count: 2, lines: ['failed to read tap', 'ERROR queue broken'] });
  });

  it('gives a line that was under way at an edge to the window in which it ended, whole', async () => {
    writeFileSync(log, 'before\nERROR: failed to ');
    const first = await inWindow(() => {
      appendFileSync(log, 'read tap\nERROR: half of ');
    });
    expect(first).toEqual({ count: 1, lines: ['ERROR: failed to read tap'] });
    const second = await inWindow(() => {
      appendFileSync(log, 'a line\n');
    });
    expect(second).toEqual({ count: 1, lines: ['ERROR: half of a line'] });
  });

  it('counts all and keeps some, printable and cut', async () => {
    const errors = await inWindow(() => {
      appendFileSync(stderr, `\u001b[31mred\u0007\u202e\u001b[0m ${'x'.repeat(200_000)}\n`);
      appendFileSync(stderr, 'failed\n'.repeat(20_000));
    });
    expect(errors.count).toBe(20_001);
    expect(errors.lines).toHaveLength(vmmErrorLimits.lines);
    expect(errors.lines[0]).toMatch(/^red x+…$/);
    expect(errors.lines.at(-1)).toBe('failed');
  });

  it('fails where a file was cut off in the window', async () => {
    writeFileSync(log, 'ERROR\n');
    await expect(
      inWindow(() => {
        truncateSync(log);
      }),
    ).rejects.toMatchObject({ code: 'PROBE_FAILED', message: expect.stringContaining('vmm.log') as string });
  });
});
