import { paint as paintOf } from './text/paint.ts';
import { printable } from './text/printable.ts';
import { type Alignment, columnWidths, tableLines, tableWidth } from './text/table.ts';

/** One run of a list. */
export interface ListedRun {
  readonly runId: string;
  /** ISO 8601; null where it is not known. */
  readonly startedAt: string | null;
  readonly experiment: string | null;
  readonly workloads: readonly string[];
  readonly plannedTrials: number;
  readonly finishedTrials: number;
  readonly status: 'done' | 'interrupted' | 'failed' | 'unfinished' | 'damaged';
  readonly tags: readonly string[];
  readonly problem: string | null;
}

export interface ListLook {
  readonly isColor: boolean;
  /** Whether the user asked for some of the runs only. */
  readonly isFiltered: boolean;
  /** Of the terminal; null: no limit. */
  readonly columns: number | null;
}

const alignments: readonly Alignment[] = ['left', 'left', 'left', 'right', 'left', 'left'];
/** Left out where the terminal is too narrow for all: ids begin with the same. */
const startColumn = 1;

function startText({ startedAt }: ListedRun): string {
  return (startedAt ?? '').slice(0, 16).replace('T', ' ');
}

/** The table of `tapbench list`. Ends in a newline. */
export function listReport(runs: readonly ListedRun[], { isColor, isFiltered, columns }: ListLook): string {
  if (runs.length === 0) {
    return isFiltered ? 'No run matches.\n' : 'No runs yet. Make one with: tapbench run quick\n';
  }
  const paint = paintOf(isColor);
  const styles = {
    done: paint.good,
    interrupted: paint.warning,
    failed: paint.bad,
    unfinished: paint.warning,
    damaged: paint.bad,
  };
  const rows = runs.map((run) => [
    printable(run.runId),
    startText(run),
    styles[run.status](run.status),
    run.status === 'damaged' ? '' : `${String(run.finishedTrials)}/${String(run.plannedTrials)}`,
    printable(run.workloads.join(', ')),
    printable(run.tags.join(' ')),
  ]);
  const header = ['RUN', 'STARTED (UTC)', 'STATUS', 'TRIALS', 'WORKLOADS', 'TAGS'].map(paint.faint);
  const table = [header, ...rows];
  const isWide = columns !== null && tableWidth(columnWidths(table)) > columns;
  const [head = '', ...lines] = isWide
    ? tableLines(
        table.map((row) => row.toSpliced(startColumn, 1)),
        alignments.toSpliced(startColumn, 1),
      )
    : tableLines(table, alignments);
  // What is wrong with a run holds a path: as a cell it would widen the table of all.
  const withProblems = runs.flatMap(({ problem }, index) => [
    lines[index] ?? '',
    ...(problem === null ? [] : [paint.faint(`  ${printable(problem)}`)]),
  ]);
  return `${[head, ...withProblems].join('\n')}\n`;
}
