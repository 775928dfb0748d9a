import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { importRun } from '../../src/api/archive.ts';
import { readRun } from '../../src/api/read.ts';
import type { Run } from '../../src/record/run.ts';
import { csvReport } from '../../src/report/csv.ts';
import { jsonReport } from '../../src/report/json.ts';
import { markdownReport } from '../../src/report/markdown/markdown.ts';
import { terminalReport } from '../../src/report/terminal/terminal.ts';

/** Checksums of the reports of every run in `docs/evidence`: old runs read as they did, or a change of these is named in the changelog. `UPDATE_GOLDEN=1` writes them again. */
const isUpdate = process.env['UPDATE_GOLDEN'] === '1';
const digests = join(import.meta.dirname, 'evidence.json');
const evidence = join(import.meta.dirname, '../../docs/evidence');

const reports: Readonly<Record<string, (run: Run) => string>> = {
  csv: csvReport,
  json: jsonReport,
  markdown: markdownReport,
  terminal: (run) => terminalReport(run, { columns: 120, isColor: false, isVerbose: true }),
};

it('every archive of the evidence gives the same reports as before', async () => {
  const store = await mkdtemp(join(tmpdir(), 'tapbench-evidence-'));
  try {
    const names = (await readdir(evidence, { recursive: true })).filter((name) => name.endsWith('.tar.gz')).sort();
    const found: Record<string, Record<string, string>> = {};
    for (const name of names) {
      const { runId } = await importRun(join(evidence, name), { store });
      const { run } = await readRun(runId, { store });
      found[name] = Object.fromEntries(
        Object.entries(reports).map(([kind, report]) => [
          kind,
          createHash('sha256').update(report(run)).digest('hex').slice(0, 16),
        ]),
      );
    }
    expect(names.length).toBeGreaterThan(10);
    if (isUpdate) await writeFile(digests, `${JSON.stringify(found, null, 2)}\n`);
    expect(found).toEqual(JSON.parse(await readFile(digests, 'utf8')));
  } finally {
    await rm(store, { recursive: true });
  }
});
