import { describe, expect, it } from 'vitest';
import { type NoteCheck, type NoteRemark, noteCheckText } from './check.ts';

function remark(changes: Partial<NoteRemark> = {}): NoteRemark {
  return { level: 'doubt', audit: 'loss', message: 'datagrams were lost', line: 3, place: 'vm, iperf3', ...changes };
}

function text(changes: Partial<NoteCheck> = {}): string {
  const check = { file: 'note.md', measurements: 2, counts: [], remarks: [], notRecorded: [], leftOut: [] };
  return noteCheckText({ ...check, ...changes }, { columns: 100, isColor: false });
}

describe('the check of a lab note, in text', () => {
  it('has the gravest first, each with its line', () => {
    const shown = text({ remarks: [remark(), remark({ level: 'void', audit: 'sums', line: 9, place: null })] });
    expect(shown).toContain('1 void, 1 doubt, 0 note');
    expect(shown.indexOf('void  sums')).toBeLessThan(shown.indexOf('doubt loss'));
    expect(shown).toContain('(line 9)');
  });

  it('says the same words once, with all their places', () => {
    const shown = text({ remarks: [remark(), remark({ line: 30, place: 'vm, sockperf' })] });
    expect(shown.match(/datagrams were lost/g)).toHaveLength(1);
    expect(shown).toContain('(line 3 vm, iperf3; line 30 vm, sockperf)');
  });

  it('names the first twelve places of one remark', () => {
    const shown = text({ remarks: Array.from({ length: 20 }, (_, index) => remark({ line: index + 1 })) });
    expect(shown).toContain('line 12 vm, iperf3; and 8 more)');
    expect(shown).not.toContain('line 13');
  });

  it('lists what was left empty and left out, the first twenty of it', () => {
    const leftOut = Array.from({ length: 25 }, (_, index) => ({
      line: index + 1,
      what: 'a histogram',
      why: 'not read',
    }));
    const shown = text({ notRecorded: [7, 12], leftOut });
    expect(shown).toContain('left empty: lines 7, 12');
    expect(shown).toContain('line 20: a histogram: not read');
    expect(shown).not.toContain('line 21:');
    expect(shown).toContain('and 5 more');
  });

  it('shows control characters of a note written out', () => {
    const leftOut = [{ line: 1, what: '\u001b]0;title\u0007', why: 'not understood' }];
    expect(text({ leftOut, remarks: [remark({ message: 'a\u001b[2J' })] })).not.toContain('\u001b');
  });
});
