import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deriveRun } from '../../src/derive/derive.ts';
import { gatheredOf } from '../../src/record/gathered-of.ts';
import type { Run } from '../../src/record/run.ts';
import { csvReport } from '../../src/report/csv.ts';
import { jsonReport } from '../../src/report/json.ts';
import { markdownReport } from '../../src/report/markdown/markdown.ts';
import { terminalReport } from '../../src/report/terminal/terminal.ts';
import { readRun } from '../../src/store/read-run.ts';
import { type GoldenCase, goldenCases } from './golden-cases.ts';

/**
 * Stored records in, reports out, byte for byte. `UPDATE_GOLDEN=1 npx vitest run --project golden` writes the reports again;
 * the stored records (`<case>/stored/`) are written only where they are missing, so that old runs stay readable.
 */
const isUpdate = process.env['UPDATE_GOLDEN'] === '1';
const folder = import.meta.dirname;

const reports: Readonly<Record<string, (run: Run) => string>> = {
  'report.md': markdownReport,
  'report.csv': csvReport,
  'report.json': jsonReport,
  'terminal-80.txt': (run) => terminalReport(run, { columns: 80, isColor: false }),
  'terminal-120.txt': (run) => terminalReport(run, { columns: 120, isColor: false }),
  'terminal-80-color.txt': (run) => terminalReport(run, { columns: 80, isColor: true }),
  'terminal-verbose.txt': (run) => terminalReport(run, { columns: 100, isColor: false, isVerbose: true }),
};

/** The folder of a stored run, laid out as the store does. */
async function writeStored(stored: string, { header, trials, ends }: GoldenCase): Promise<void> {
  const write = async (path: string, value: unknown) => {
    await mkdir(join(stored, path, '..'), { recursive: true });
    await writeFile(join(stored, path), `${JSON.stringify(value, null, 1)}\n`);
  };
  await write('run.json', header);
  for (const trial of trials) await write(`trials/${trial.trialId}/trial.json`, gatheredOf(trial));
  for (const [index, end] of ends.entries()) await write(`end-00${String(index + 1)}.json`, end);
}

describe.each(Object.keys(goldenCases))('the stored run %s', (name) => {
  const stored = join(folder, name, 'stored');

  it.each(Object.keys(reports))('gives the same %s as before', async (file) => {
    if (isUpdate && !existsSync(stored)) await writeStored(stored, goldenCases[name]?.() ?? expect.fail(name));
    const { header, trials, ends, damaged } = await readRun(stored);
    expect(damaged).toEqual([]);
    const text = reports[file]?.(deriveRun({ header, trials, ends }));
    const golden = join(folder, name, file);
    if (isUpdate) await writeFile(golden, text ?? '');
    expect(text).toBe(await readFile(golden, 'utf8'));
  });
});

it('the samples can be stored and read back', async () => {
  const stored = await mkdtemp(join(tmpdir(), 'tapbench-golden-'));
  try {
    const made = goldenCases['four-boots']?.() ?? expect.fail('the case is there');
    await writeStored(stored, made);
    expect(await readRun(stored)).toMatchObject({
      header: made.header,
      trials: made.trials.map(gatheredOf),
      ends: made.ends,
    });
  } finally {
    await rm(stored, { recursive: true });
  }
});
