import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonText, printable } from './printable.ts';

const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
/** One of each kind: escape, C1, a mark of direction, zero width, a tag, a filler, half of a pair. */
const samples = ['\u001b', '\u009b', '\u061c', '\u200b', '\ufeff', '\u{e0041}', '\u3164', '\ud800', '\u2028', '\u202e'];
const anything = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...samples, '##[', '#', '[', 'a') }),
);

describe('text from outside', () => {
  it('cannot steer a terminal, break a line or stand unseen', () => {
    expect(printable('a\u001b[31mb\r\n\u009b\u202ec')).toBe('a\\x1b[31mb\\x0d\\x0a\\x9b\\u202ec');
    expect(printable('\u061c\u200b\u2060\ufeff\u00ad')).toBe('\\u061c\\u200b\\u2060\\ufeff\\xad');
    expect(printable('\u{e0041}\ud800')).toBe('\\u{e0041}\\ud800');
    fc.assert(
      fc.property(anything, (text) => {
        expect(printable(text)).not.toMatch(unseen);
      }),
    );
  });

  it('stays as it is where it can be seen', () => {
    expect(printable('Größe 日本語 ½ 🙂 a\\b')).toBe('Größe 日本語 ½ 🙂 a\\b');
  });
});

describe('JSON for a terminal', () => {
  it('means the same, with nothing in it that steers or is no command to a log', () => {
    fc.assert(
      fc.property(fc.dictionary(anything, fc.array(anything)), fc.constantFrom(0, 2), (value, indent) => {
        const text = jsonText(value, indent);
        expect(text.replaceAll('\n', '')).not.toMatch(unseen);
        expect(text).not.toMatch(/##\w*\[/);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
