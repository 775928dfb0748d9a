import type { Run } from '../../record/run.ts';
import { askedGroups } from '../measurement/figures.ts';
import { flowTable } from '../measurement/flow-table.ts';
import { markdownTable, markdownText } from './escape.ts';

/** A table of flows for each workload that had several. */
export function flowBlocks(run: Run): string[] {
  return askedGroups(run).flatMap((group) => {
    const table = flowTable(group);
    if (table === null) return [];
    const name = group.names.join(', ');
    const rows = table.rows.map((row) => row.map(markdownText));
    const width = Math.max(table.header.length, ...rows.map((row) => row.length));
    const filled = (row: readonly string[]): string[] => Array.from({ length: width }, (_, place) => row[place] ?? '');
    return [`Flows of ${markdownText(name)}:`, markdownTable(filled(table.header), rows.map(filled))];
  });
}
