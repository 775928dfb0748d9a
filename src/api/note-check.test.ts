import { readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkNote } from './note-check.ts';
import { readNoteRun } from './note-run.ts';

/** Made-up notes after what people paste. */
const folder = join(import.meta.dirname, '../../test/fixtures/lab-note-cases');
const cases = readdirSync(folder).map((file) => file.replace('.md', ''));

/** What of a note contradicts itself, or can't be: `notes check` ends with 4. */
const isVoid = new Set(['calls-too-few-for-messages', 'impossible-jitter', 'output-in-comments']);
/** What has no figure for a record: `show` ends with 2. */
const isWithoutRecord = new Set([
  'calls-with-placeholders',
  'columns-in-running-text',
  'figures-by-hand-in-bash-fence',
  'figures-without-their-unit',
  'sockperf-throughput',
  'tracer-histograms',
]);

describe('the check of a lab note', () => {
  it.each(cases)('ends well, or finds a void figure: %s', async (name) => {
    const { remarks } = await checkNote(join(folder, `${name}.md`));
    expect(remarks.some(({ level }) => level === 'void')).toBe(isVoid.has(name));
  });

  it.each(cases)('is of a run that can be shown, unless no figure fits a record: %s', async (name) => {
    const read = readNoteRun(join(folder, `${name}.md`));
    if (isWithoutRecord.has(name)) await expect(read).rejects.toMatchObject({ code: 'USAGE' });
    else await expect(read).resolves.toMatchObject({ run: { source: { kind: 'lab-note' } } });
  });

  it('has the counts of a tracer that stands alone', async () => {
    const { counts } = await checkNote(join(folder, 'tracer-only-strace.md'));
    expect(counts).toEqual([
      {
        line: 4,
        source: 'strace',
        calls: [
          { name: 'read', count: 6 },
          { name: 'write', count: 4 },
        ],
      },
    ]);
  });

  it('refuses a file without a command and an output', async () => {
    const own = await mkdtemp(join(tmpdir(), 'note-check-'));
    const file = join(own, 'words.md');
    await writeFile(file, '# Words\n\nNothing was measured.\n');
    await expect(checkNote(file)).rejects.toMatchObject({ code: 'USAGE' });
    await rm(own, { recursive: true });
  });
});
