import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Comparison } from '../../src/record/comparison.ts';
import type { MetricHistory } from '../../src/record/metric-history.ts';
import { comparisonJson } from '../../src/report/comparison/json.ts';
import { comparisonMarkdown, comparisonSummary } from '../../src/report/comparison/markdown.ts';
import { comparisonTerminal } from '../../src/report/comparison/terminal.ts';
import { historyJson } from '../../src/report/history/json.ts';
import { historyTerminal } from '../../src/report/history/terminal.ts';
import { comparisonCases, history } from './comparison-cases.ts';

/** `UPDATE_GOLDEN=1 npx vitest run --project golden` writes these again too. */
const isUpdate = process.env['UPDATE_GOLDEN'] === '1';

const documents: Readonly<Record<string, (comparison: Comparison) => string>> = {
  'comparison.md': comparisonMarkdown,
  'comparison-github.md': comparisonSummary,
  'comparison.json': comparisonJson,
  'terminal-80.txt': (comparison) => comparisonTerminal(comparison, { columns: 80, isColor: false }),
  'terminal-120.txt': (comparison) => comparisonTerminal(comparison, { columns: 120, isColor: false }),
  'terminal-80-color.txt': (comparison) => comparisonTerminal(comparison, { columns: 80, isColor: true }),
};

const histories: Readonly<Record<string, (history: MetricHistory) => string>> = {
  'history.json': historyJson,
  'terminal-80.txt': (one) => historyTerminal(one, { columns: 80, isColor: false }),
  'terminal-80-color.txt': (one) => historyTerminal(one, { columns: 80, isColor: true }),
};

async function expectGolden(path: string, text: string): Promise<void> {
  const golden = join(import.meta.dirname, path);
  if (isUpdate) {
    await mkdir(dirname(golden), { recursive: true });
    await writeFile(golden, text);
  }
  expect(text).toBe(await readFile(golden, 'utf8'));
}

describe.each(Object.entries(comparisonCases))('the comparison %s', (name, make) => {
  it.each(Object.entries(documents))('gives the same %s as before', async (file, write) => {
    await expectGolden(`${name}/${file}`, write(make()));
  });

  it('says the same with colour and without', () => {
    const text = comparisonTerminal(make(), { columns: 80, isColor: true });
    expect(stripVTControlCharacters(text)).toBe(comparisonTerminal(make(), { columns: 80, isColor: false }));
  });
});

describe('the history of a metric', () => {
  it.each(Object.entries(histories))('gives the same %s as before', async (file, write) => {
    await expectGolden(`history/${file}`, write(history()));
  });
});
