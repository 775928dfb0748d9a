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
});
