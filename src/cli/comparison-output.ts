import type { Comparison, GateResult } from '../record/comparison.ts';
import { TapbenchError } from '../record/error.ts';
import { comparisonJson } from '../report/comparison/json.ts';
import { comparisonMarkdown, comparisonSummary } from '../report/comparison/markdown.ts';
import { comparisonTerminal } from '../report/comparison/terminal.ts';
import type { ComparisonFormat } from './comparison-options.ts';
import { stdoutLook } from './terminal.ts';

/** @param isFile it goes into a file: no colour */
export function comparisonDocument(comparison: Comparison, format: ComparisonFormat, isFile: boolean): string {
  switch (format) {
    case 'terminal': {
      const look = stdoutLook();
      return comparisonTerminal(comparison, isFile ? { ...look, isColor: false } : look);
    }
    case 'md':
      return comparisonMarkdown(comparison);
    case 'github':
      return comparisonSummary(comparison);
    case 'json':
      return comparisonJson(comparison);
  }
}

/** What the gates make of the exit status: null where all pass. */
export function gateError(gates: readonly GateResult[]): TapbenchError | null {
  const named = (status: GateResult['status']) => [
    ...new Set(gates.filter((one) => one.status === status).map((one) => one.gate)),
  ];
  const [failed, open] = [named('fail'), named('cannot-tell')];
  if (failed.length > 0) return new TapbenchError('GATE_FAILED', `failed: ${failed.join(', ')}`);
  if (open.length === 0) return null;
  return new TapbenchError('GATE_UNDECIDED', `cannot tell: ${open.join(', ')}`, {
    hint: 'The comparison says why, and how many boots would do where more would.',
  });
}
