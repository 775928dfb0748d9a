import type { Measurement } from '../../record/measurement.ts';
import { searchTable } from '../measurement/search-table.ts';
import { markdownTable, markdownText } from './escape.ts';

/** `### Search`: the steps before the window; nothing where the rate was not searched for. */
export function searchSection(measurement: Measurement): string[] {
  const table = searchTable(measurement);
  if (table === null) return [];
  const rows = table.rows.map((row) => row.map(markdownText));
  return ['', '### Search', '', markdownText(table.outcome), '', markdownTable(table.header, rows)];
}
