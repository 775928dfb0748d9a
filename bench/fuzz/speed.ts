import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkSums } from '../../src/lab-note/check-sums.ts';
import { readNote } from '../../src/lab-note/read-note.ts';
import { noteRecord } from '../../src/lab-note/record/note-record.ts';

/** How long 10 MB of note take: reading, records, sums. Each kind is read three times; the fastest counts. */
const size = 10_000_000;
const rounds = 3;
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

for (const [kind, text] of Object.entries(kinds)) {
  let best: readonly number[] = [Infinity, 0, 0];
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    const read = readNote(text);
    const afterRead = performance.now();
    noteRecord(read, { file: 'note.md', sha256: '', readAt: '', runId: 'note', roleOf: () => null });
    const afterRecord = performance.now();
    checkSums(read);
    const times = [afterRead - start, afterRecord - afterRead, performance.now() - afterRecord];
    const sum = (values: readonly number[]): number => values.reduce((total, each) => total + each, 0);
    if (sum(times) < sum(best)) best = times;
  }
  const [readMs = 0, recordMs = 0, sumsMs = 0] = best;
  const megabytes = (text.length / 1e6).toFixed(1);
  console.log(
    `${kind}: ${megabytes} MB, read ${readMs.toFixed(0)} ms, records ${recordMs.toFixed(0)} ms, sums ${sumsMs.toFixed(0)} ms`,
  );
}
