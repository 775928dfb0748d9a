import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLevelOneLine } from './console.ts';

describe('a line of the level-one machine', () => {
  it.each([
    ['\u001eup', { kind: 'up' }],
    ['\u001ealive\r', { kind: 'alive' }],
    ['\u001edone 20480\r', { kind: 'done', bytes: 20480 }],
    ["\u001efail the job's disk can't be mounted", { kind: 'fail', reason: "the job's disk can't be mounted" }],
  ])('%j is one of its own', (line, event) => {
    expect(readLevelOneLine(line)).toEqual(event);
  });

  it('is its own also behind a line of the job that has not ended yet', () => {
    expect(readLevelOneLine('boot 001\u001ealive')).toEqual({ kind: 'alive' });
  });

  it.each(['\u001edone', '\u001edone some', '\u001edone -1'])('%j without a size is a failure', (line) => {
    expect(readLevelOneLine(line).kind).toBe('fail');
  });

  it('is of the job, word for word, where the mark is not in it', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!/[\u001e\r]/.test(text));
        expect(readLevelOneLine(`${text}\r`)).toEqual({ kind: 'line', text });
      }),
    );
  });
});
