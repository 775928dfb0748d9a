import type { Requirement } from '../host/check/requirement.ts';
import { paint as paintOf } from '../report/text/paint.ts';

/** Breaks text into lines of a width, at spaces. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length + 1 > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

const least = 30;

export interface Diagnosis {
  readonly requirements: readonly Requirement[];
  /** null: not measured. */
  readonly score: readonly Requirement[] | null;
}

/** What `tapbench doctor` prints: what is well on a line each, what is not with its meaning and mend; then how quiet the host is. */
export function doctorTable({ requirements, score }: Diagnosis, look: { columns: number; isColor: boolean }): string {
  const paint = paintOf(look.isColor);
  const nameWidth = Math.max(...[...requirements, ...(score ?? [])].map(({ name }) => name.length));
  const indent = ' '.repeat(10 + nameWidth + 2);
  const width = Math.max(least, look.columns - indent.length);
  const entry = ({ name, status, what, meaning, mend }: Requirement): string => {
    const mark = { ok: paint.good('ok      '), degraded: paint.warning('degraded'), missing: paint.bad('missing ') }[
      status
    ];
    const [first = '', ...rest] = wrap(what, width);
    const details =
      status === 'ok' ? [] : [...wrap(meaning, width), ...(mend === null ? [] : [paint.heading(`mend: ${mend}`)])];
    return [
      `${mark}  ${name.padEnd(nameWidth)}  ${first}`,
      ...[...rest, ...details].map((line) => `${indent}${line}`),
    ].join('\n');
  };
  const missing = requirements.filter(({ status, isVital }) => status === 'missing' && isVital);
  const verdict =
    missing.length === 0
      ? paint.good('A run is possible.')
      : paint.bad(`A run is not possible: ${missing.map(({ name }) => name).join(', ')} missing.`);
  const quietness = score === null ? [] : ['', paint.strong('How quiet it is now'), ...score.map(entry)];
  return [...requirements.map(entry), ...quietness, '', verdict].join('\n');
}
