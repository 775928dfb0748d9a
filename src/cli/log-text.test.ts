import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documentText, logLine } from './log-text.ts';

/** As GitHub's runner does: white space before a command is left out. */
const isCommand = (line: string) => line.trimStart().startsWith('::') || /##\w*\[/.test(line);
const hostile = fc.string({
  unit: fc.constantFrom('::', ':', '#', '##[', ' ', '\n', '\r', '\t', '\u3000', 'a', '[', '\u001b[1m'),
});

describe('a line of a log', () => {
  it('stays one line, whatever it holds', () => {
    fc.assert(
      fc.property(fc.oneof(hostile, fc.string({ unit: 'binary' })), (text) => {
        expect(logLine(text)).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
      }),
    );
    expect(logLine('no such run: a\ntapbench: done')).toBe('no such run: a\\x0atapbench: done');
  });

  it('is no command to the log of a CI', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(isCommand(logLine(text))).toBe(false);
      }),
    );
    expect(logLine('::error file=a::b')).toBe('\\x3a:error file=a::b');
    expect(logLine('x ##[add-mask]y')).toBe('x \\x23#[add-mask]y');
  });
});

describe('a document on stdout', () => {
  it('has no line that is a command to the log of a CI', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(documentText(text, false).split('\n').some(isCommand)).toBe(false);
      }),
    );
  });

  it('keeps its line breaks, and colours only on a terminal', () => {
    expect(documentText('a\r\nb\n\u001b[1mc\u001b[0m\u001b]0;title\u0007\n', true)).toBe(
      'a\r\nb\n\u001b[1mc\u001b[0m\\x1b]0;title\\x07\n',
    );
    expect(documentText('\u001b[1mc\n', false)).toBe('\\x1b[1mc\n');
  });

  it('is left as it is where nothing in it steers', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii' }), (text) => {
        fc.pre(!isCommand(text));
        expect(documentText(`- ${text}\n`, false)).toBe(`- ${text}\n`);
      }),
    );
  });
});
