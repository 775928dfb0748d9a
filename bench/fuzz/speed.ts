import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { judgedRun } from '../../src/derive/derive.ts';
import { checkSums } from '../../src/lab-note/check-sums.ts';
import { NoteTooLarge } from '../../src/lab-note/note-bounds.ts';
import { readNote } from '../../src/lab-note/read-note.ts';
import { noteRecord } from '../../src/lab-note/record/note-record.ts';
import { hostileNotes } from '../../test/sample/hostile-notes.ts';

/** How long 10 MB of note take: reading, records, sums and audits. Usual kinds are read three times, and the fastest counts; hostile ones once. */
const size = 10_000_000;
const usualRounds = 3;
/** More lines are refused (`src/api/note-file.ts`). */
const mostLines = 500_000;
const fixtures = join(import.meta.dirname, '../../test/fixtures/lab-note');
const outputs = readdirSync(fixtures, { recursive: true, withFileTypes: true })
  .filter((each) => each.isFile() && !['README.md', 'readings.txt'].includes(each.name))
  .map((each) => readFileSync(join(each.parentPath, each.name), 'utf8'));
const note = readFileSync(join(fixtures, 'note/vm-client.md'), 'utf8');
const bare = note.replace(/^#.*\n/gm, '');

function repeated(piece: string): string {
  return `${piece}\n`.repeat(Math.ceil(size / (piece.length + 1)));
}

const kinds: Readonly<Record<string, string>> = {
  'one note many times': repeated(note),
  'one section': repeated(bare),
  'outputs of all tools': repeated(
    outputs.map((text, place) => `## Part ${place}\n\`\`\`\n${text}\n\`\`\`\n`).join(''),
  ),
  'lines of a log': `\`\`\`\n${repeated('some line of a log 1234')}\`\`\`\n`,
  'one large map': `\`\`\`\n${Array.from({ length: size / 36 }, (_, key) => `@total[fc_vcpu ${key}, write]: ${key}`).join('\n')}\n\`\`\`\n`,
};

function sum(values: readonly number[]): number {
  return values.reduce((total, each) => total + each, 0);
}

/** Each step's time of one reading, ms. */
function timesOf(text: string): number[] {
  const start = performance.now();
  const read = readNote(text);
  const afterRead = performance.now();
  const records = noteRecord(read, { file: 'note.md', sha256: '', readAt: '', runId: 'note', roleOf: () => null });
  const afterRecords = performance.now();
  checkSums(read);
  judgedRun(records);
  return [afterRead - start, afterRecords - afterRead, performance.now() - afterRecords];
}

/** null where it is refused. */
function readTimes(text: string, rounds: number): number[][] | null {
  try {
    return Array.from({ length: rounds }, () => timesOf(text));
  } catch (cause) {
    if (cause instanceof NoteTooLarge) return null;
    throw cause;
  }
}

function show(kind: string, text: string, rounds: number): void {
  const start = performance.now();
  const megabytes = (text.length / 1e6).toFixed(1);
  const times = readTimes(text, rounds);
  if (times === null) {
    console.log(`${kind}: ${megabytes} MB, refused after ${((performance.now() - start) / 1000).toFixed(1)} s`);
    return;
  }
  const best = times.reduce((a, b) => (sum(b) < sum(a) ? b : a));
  const [readMs = 0, recordMs = 0, judgeMs = 0] = best;
  console.log(
    `${kind}: ${megabytes} MB, ${(sum(best) / 1000).toFixed(1)} s: read ${readMs.toFixed(0)} ms, records ${recordMs.toFixed(0)} ms, sums and audits ${judgeMs.toFixed(0)} ms`,
  );
}

function cut(text: string): string {
  const lines = text.split(/(?<=\r\n|\n|\r)/, mostLines);
  return lines.join('');
}

/** Kinds of these names alone (`node bench/fuzz/speed.ts 'unfenced latencies'`); without names all. */
const asked = new Set(process.argv.slice(2));

function isAsked([kind]: readonly [string, unknown]): boolean {
  return asked.size === 0 || asked.has(kind);
}

for (const [kind, text] of Object.entries(kinds).filter(isAsked)) show(kind, text, usualRounds);
console.log('hostile:');
for (const [kind, make] of Object.entries(hostileNotes).filter(isAsked)) show(kind, cut(make(size)), 1);
