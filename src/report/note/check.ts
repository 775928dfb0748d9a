import type { Finding } from '../../record/finding.ts';
import { paint as paintOf } from '../text/paint.ts';
import { printable } from '../text/printable.ts';
import { formatCount } from '../text/units.ts';
import { type Look, labelled, wrap } from '../text/wrap.ts';

/** One thing that a reviewer would say of a note. */
export interface NoteRemark {
  readonly level: Finding['level'];
  readonly audit: string;
  readonly message: string;
  /** Of the note; null where it is about more than one. */
  readonly line: number | null;
  /** Configuration and workload; null where the line says it. */
  readonly place: string | null;
}

/** Counts of system calls of which the note does not say what ran meanwhile. */
export interface NoteCounts {
  readonly line: number | null;
  readonly source: string;
  /** With the request of an ioctl behind its name. */
  readonly calls: readonly { readonly name: string; readonly count: number }[];
}

export interface NoteCheck {
  readonly file: string;
  readonly measurements: number;
  readonly counts: readonly NoteCounts[];
  readonly remarks: readonly NoteRemark[];
  readonly notRecorded: readonly number[];
  readonly leftOut: readonly { readonly line: number; readonly what: string; readonly why: string }[];
}

/** Things that were left out, of which this many are named: `--json` has all. */
const mostLeftOut = 20;
/** Places of one remark that are named. */
const mostPlaces = 12;

const levels = ['void', 'doubt', 'note'] as const;

function placesText(remarks: readonly NoteRemark[]): string {
  const places = remarks.slice(0, mostPlaces).map(({ line, place }) => {
    const at = line === null ? '' : `line ${String(line)}`;
    return [at, place ?? ''].filter((part) => part !== '').join(' ');
  });
  const more = remarks.length - places.length;
  return [...places, ...(more > 0 ? [`and ${String(more)} more`] : [])].join('; ');
}

/** Remarks of one level; the same words about several figures are said once, with all their places. */
function remarkLines(remarks: readonly NoteRemark[], level: NoteRemark['level'], look: Look): string[] {
  const { paint } = look;
  const style = { void: paint.bad, doubt: paint.warning, note: paint.faint }[level];
  const own = Map.groupBy(
    remarks.filter((one) => one.level === level),
    ({ audit, message }) => `${audit}: ${message}`,
  );
  return [...own].flatMap(([text, members]) => [
    ...labelled(`${level.padEnd(5)} `, text, look).map(style),
    ...wrap(`(${placesText(members)})`, look, '      ').map(paint.faint),
  ]);
}

function countsLines({ counts }: NoteCheck, look: Look): string[] {
  if (counts.length === 0) return [];
  const lines = counts.flatMap(({ line, source, calls }) => {
    const total = calls.reduce((sum, { count }) => sum + count, 0);
    const named = calls.map(({ name, count }) => `${name} ${formatCount(count)}`).join(', ');
    const at = line === null ? '' : `line ${String(line)} `;
    return wrap(`${at}${source}: ${named}; total ${formatCount(total)}`, look, '  ');
  });
  return ['counts of system calls, of work that is not said:', ...lines];
}

function leftOutLines({ leftOut, notRecorded }: NoteCheck, look: Look): string[] {
  const empty = notRecorded.length === 0 ? [] : wrap(`left empty: lines ${notRecorded.join(', ')}`, look, '');
  const named = leftOut
    .slice(0, mostLeftOut)
    .flatMap(({ line, what, why }) => wrap(`line ${String(line)}: ${what}: ${why}`, look, '  '));
  const more = leftOut.length - mostLeftOut;
  return [
    ...empty,
    ...(leftOut.length === 0 ? [] : ['in no figure of the record:', ...named]),
    ...(more > 0 ? [`  and ${String(more)} more (--json has all)`] : []),
  ];
}

/** `tapbench notes check`. Ends in a newline. */
export function noteCheckText(check: NoteCheck, { columns, isColor }: { columns: number; isColor: boolean }): string {
  const look: Look = { columns, paint: paintOf(isColor) };
  const counts = levels.map((level) => `${String(check.remarks.filter((one) => one.level === level).length)} ${level}`);
  const blocks = [
    [look.paint.heading(printable(`${check.file}: ${String(check.measurements)} measurements; ${counts.join(', ')}`))],
    ...levels.map((level) => remarkLines(check.remarks, level, look)),
    countsLines(check, look),
    leftOutLines(check, look),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}
