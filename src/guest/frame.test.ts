import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Frame, FrameReader } from './frame.ts';

function read(chunks: readonly string[]): { frames: Frame[]; text: string } {
  const frames: Frame[] = [];
  let text = '';
  const reader = new FrameReader(
    (frame) => frames.push(frame),
    (part) => {
      text += part;
    },
  );
  for (const chunk of chunks) reader.push(chunk);
  return { frames, text };
}

const stream =
  'boot text\n\x1eH 3\nnoise\x1eA 7\n\x1eR 7 3 gzip 4 0\naGFs\nbG8=\n\x1e.\n[  1.0] kernel says\n\x1eR 8 0 - 0 0\n\x1e.\n';

describe('FrameReader', () => {
  it('cuts console output into frames and text', () => {
    const { frames, text } = read([stream]);
    expect(frames).toEqual([
      { kind: 'hello', version: 3 },
      { kind: 'armed', id: 7 },
      {
        kind: 'reply',
        id: 7,
        status: 3,
        form: 'gzip',
        sizes: [4, 0],
        body: 'aGFs\nbG8=\n',
      },
      { kind: 'reply', id: 8, status: 0, form: 'none', sizes: [0, 0], body: '' },
    ]);
    expect(text).toBe('boot text\nnoise[  1.0] kernel says\n');
  });

  it('knows the wish for a line once more', () => {
    expect(read(['\x1eN\n'])).toEqual({ frames: [{ kind: 'again' }], text: '' });
  });

  it('gives the same frames wherever the stream is cut', () => {
    const whole = read([stream]);
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length), { maxLength: 12 }), (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), stream.length];
        const chunks = places.slice(1).map((end, index) => stream.slice(places[index], end));
        expect(read(chunks)).toEqual(whole);
      }),
    );
  });

  it('passes text that only looks like a frame on as text', () => {
    expect(read(['\x1eX 1\nafter\n'])).toEqual({ frames: [], text: 'X 1\nafter\n' });
  });

  it('keeps nothing of a reply without end, and says so once', () => {
    const head = '\x1eR 7 0 gzip 4 0\n';
    const { frames, text } = read([head, ...Array.from({ length: 200 }, () => 'A'.repeat(1_000)), '\n\x1eH 3\n']);
    expect(frames).toEqual([{ kind: 'endless' }, { kind: 'hello', version: 3 }]);
    expect(text.length).toBeLessThan(100_000);
  });

  it('takes a line that is longer than any frame for text, before it ends', () => {
    const reader: string[] = [];
    const cut = new FrameReader(
      () => expect.fail('no frame'),
      (text) => reader.push(text),
    );
    cut.push(`\x1e${'x'.repeat(300)}`);
    expect(reader.join('')).toBe('x'.repeat(300));
  });

  it.each(['R 7 0 - 1 2 3 4 5', `R 7 0 - ${'9'.repeat(16)}`, `R ${'1'.repeat(200)} 0 -`, 'R 7 4000 -'])(
    'takes no numbers that no guest of ours sends: %s',
    (line) => {
      expect(read([`\x1e${line}\nAAAA\n\x1e.\n`]).frames).toEqual([]);
    },
  );

  it('takes a flood a byte at a time in little time', () => {
    const begun = performance.now();
    read(Array.from({ length: 200_000 }, (_, index) => (index === 0 ? '\x1eR 7 0 large 1\n' : 'A')));
    expect(performance.now() - begun).toBeLessThan(5_000);
  });
});
