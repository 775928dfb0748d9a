import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkSums } from '../../src/lab-note/check-sums.ts';
import { readBlock } from '../../src/lab-note/read-block.ts';
import { readMarkdown } from '../../src/lab-note/read-markdown.ts';
import { readNote } from '../../src/lab-note/read-note.ts';
import { noteRecord } from '../../src/lab-note/record/note-record.ts';
import { cleanLine, splitLines } from '../../src/lab-note/text-lines.ts';
import { gatheredOf } from '../../src/record/gathered-of.ts';
import { runHeader } from '../../src/record/run.ts';
import { gatheredTrial } from '../../src/record/trial.ts';
import { wrongFigure } from './check-figures.ts';
import { mutate, Random } from './mutate.ts';

/** Reads mutated tool outputs and notes: no crash, no hang, no NaN, never a figure that is not in the text. */
const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '200000' },
    seed: { type: 'string', default: '1' },
    /** Longest that one input may take, ms: far above the usual, so that a busy machine is no finding. */
    bound: { type: 'string', default: '1000' },
  },
});
const inputs = Number(values.inputs);
const seed = Number(values.seed);
const boundMs = Number(values.bound);

const fixtures = join(import.meta.dirname, '../../test/fixtures/lab-note');
const outputs = readdirSync(fixtures, { recursive: true, withFileTypes: true })
  .filter((each) => each.isFile() && each.name !== 'README.md')
  .map((each) => readFileSync(join(each.parentPath, each.name), 'utf8'));
const notes = outputs.map(
  (output, index) =>
    `# Throughput\n\n## VM as client\n\`\`\`bash\n# host\niperf3 -s\n\`\`\`\n${index % 3 === 0 ? '> ' : ''}\`\`\`\n${output}\n\`\`\`\n`,
);
const seeds = [...outputs, ...notes];

/** What is wrong with reading `text` as one block of output; null where nothing is. */
function checkBlock(text: string): { wrong: string | null; readings: number } {
  const { readings, notUnderstood, commands } = readBlock({ kind: 'fenced', language: null, text });
  const lines = splitLines(text).map(cleanLine);
  const isOutside = [...notUnderstood, ...commands].some(({ line }) => line < 1 || line > lines.length);
  return {
    wrong: isOutside ? 'a line that the text does not have' : wrongFigure(readings, lines),
    readings: readings.length,
  };
}

/** What is wrong with the records of a note; null where they fit their schemas. */
function checkRecord(text: string): string | null {
  const note = readNote(text);
  const origin = { file: 'note.md', sha256: '', readAt: '', runId: 'note', roleOf: () => null };
  const { header, trials } = noteRecord(note, origin);
  const results = [runHeader.safeParse(header), ...trials.map((trial) => gatheredTrial.safeParse(gatheredOf(trial)))];
  const isOutside = checkSums(note).some(({ line }) => line < 1 || line > note.lineCount);
  if (isOutside) return 'a finding on a line that the text does not have';
  return results.find(({ success }) => !success)?.error?.message ?? null;
}

function check(text: string): { wrong: string | null; readings: number } {
  const blocks = text.includes('```') ? readMarkdown(text).sections.flatMap((section) => section.blocks) : [];
  let count = 0;
  for (const block of blocks) {
    const { wrong, readings } = checkBlock(block.text);
    if (wrong !== null) return { wrong, readings };
    count += readings;
  }
  const whole = checkBlock(text);
  return { wrong: whole.wrong ?? checkRecord(text), readings: count + whole.readings };
}

const random = new Random(seed);
const began = performance.now();
let readings = 0;
let longestMs = 0;
const failures: string[] = [];
for (let number = 0; number < inputs && failures.length < 10; number += 1) {
  const text = mutate(random.pick(seeds, ''), random, seeds);
  const before = performance.now();
  let wrong: string | null;
  try {
    const checked = check(text);
    wrong = checked.wrong;
    readings += checked.readings;
  } catch (error) {
    wrong = error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  const took = performance.now() - before;
  longestMs = Math.max(longestMs, took);
  if (took > boundMs) wrong ??= `it took ${took.toFixed(0)} ms`;
  if (wrong === null) continue;
  const file = `fuzz-${seed}-${number}.txt`;
  writeFileSync(file, text);
  failures.push(`input ${number}: ${wrong} (kept as ${file})`);
}
const seconds = (performance.now() - began) / 1000;
for (const failure of failures) console.log(failure);
console.log(
  `${inputs} inputs from ${seeds.length} seeds, seed ${seed}: ${readings} readings, ${failures.length} failures`,
);
console.log(`${seconds.toFixed(1)} s, ${(inputs / seconds).toFixed(0)} inputs/s, longest ${longestMs.toFixed(1)} ms`);
process.exitCode = failures.length === 0 ? 0 : 1;
