import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../lab/process.ts';
import { noteOf, readNoteText } from './note-file.ts';

describe('the file of a lab note', () => {
  it('is refused at once where it is a folder, a pipe, binary or not there', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'tapbench-note-'));
    const pipe = join(folder.path, 'pipe.md');
    await run(['mkfifo', pipe], { deadlineMs: 5000 });
    const binary = join(folder.path, 'binary.md');
    await writeFile(binary, 'a\0b');
    await expect(readNoteText(pipe)).rejects.toMatchObject({
      code: 'USAGE',
      message: `${pipe}: it is a named pipe, not a file`,
    });
    await expect(readNoteText(folder.path)).rejects.toMatchObject({ code: 'USAGE' });
    await expect(readNoteText(binary)).rejects.toMatchObject({ message: `${binary}: is binary` });
    await expect(readNoteText(join(folder.path, 'none.md'))).rejects.toMatchObject({ code: 'USAGE' });
  });

  it('is refused where it is longer than a person writes', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'tapbench-note-'));
    const file = join(folder.path, 'long.md');
    await writeFile(file, '\n'.repeat(500_000));
    await expect(readNoteText(file)).rejects.toMatchObject({ message: `${file}: has more than 500,000 lines` });
  });

  it.each([
    {
      what: '20,000 outputs',
      piece: '```\nsockperf: Summary: Latency is 49.200 usec\n```\n',
      times: 20_000,
    },
    { what: '20,000 outputs', piece: 'sockperf: Summary: Latency is 49.200 usec\n\n', times: 20_000 },
    { what: '50,000 commands', piece: 'Run `iperf3 -c a` now.\n', times: 50_000 },
    { what: '50,000 commands', piece: '# a\n```bash\niperf3 -c a\niperf3 -c b\n```\n', times: 25_000 },
  ])('is refused with more than $what: a person writes fewer', ({ what, piece, times }) => {
    expect(() => noteOf('a.md', piece.repeat(times))).not.toThrow();
    expect(() => noteOf('a.md', piece.repeat(times + 1))).toThrow(
      expect.objectContaining({ code: 'USAGE', message: `a.md: has more than ${what}` }),
    );
  });

  it('is read as it stands', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'tapbench-note-'));
    const file = join(folder.path, 'note.md');
    await writeFile(file, '# A\r\n');
    expect(await readNoteText(file)).toBe('# A\r\n');
  });
});
