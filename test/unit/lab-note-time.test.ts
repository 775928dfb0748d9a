import { describe, expect, it } from 'vitest';
import { judgedRun } from '../../src/derive/derive.ts';
import { checkSums } from '../../src/lab-note/check-sums.ts';
import { readNote } from '../../src/lab-note/read-note.ts';
import { noteRecord } from '../../src/lab-note/record/note-record.ts';
import { hostileNotes } from '../sample/hostile-notes.ts';

/** Bytes of the shorter text. */
const size = 12_000;
const times = 4;
/** Linear would be `times`, quadratic its square. */
const mostGrowth = 10;
/** Shorter times are those of the clock and of what is done once, ms. */
const shortest = 20;
const mostRounds = 6;

/** CPU time of all that `notes check` does with a text, ms. */
function timeOf(text: string): number {
  const before = process.threadCpuUsage();
  const note = readNote(text);
  judgedRun(noteRecord(note, { file: 'note.md', sha256: '', readAt: '', runId: 'note', roleOf: () => null }));
  checkSums(note);
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}

/** How much longer the longer text takes, at its best: other work of this process only makes it more. */
function growthOf(make: (bytes: number) => string): number {
  const [short, long] = [make(size), make(size * times)];
  let best: readonly [number, number] = [Infinity, Infinity];
  for (let round = 0; round < mostRounds; round += 1) {
    best = [Math.min(best[0], timeOf(short)), Math.min(best[1], timeOf(long))];
    if (best[1] / Math.max(best[0], shortest) <= mostGrowth) break;
  }
  return best[1] / Math.max(best[0], shortest);
}

describe('the time that a note takes', () => {
  it.each(Object.entries(hostileNotes))('grows with its length and no faster: %s', (_, make) => {
    expect(growthOf(make)).toBeLessThanOrEqual(mostGrowth);
  });
});
