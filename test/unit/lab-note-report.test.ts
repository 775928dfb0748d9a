import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareWithin } from '../../src/compare/compare-within.ts';
import { judgedRun } from '../../src/derive/derive.ts';
import type { WholeMeasurement } from '../../src/record/measurement.ts';
import type { Run } from '../../src/record/run.ts';
import { csvReport } from '../../src/report/csv.ts';
import { markdownReport } from '../../src/report/markdown/markdown.ts';
import { terminalReport } from '../../src/report/terminal/terminal.ts';
import { arbitraryMeasurement } from '../sample/arbitrary.ts';
import {
  sampleNotedConfiguration,
  sampleNotedMeasurement,
  sampleNotedTrial,
  sampleNoteEnd,
  sampleNoteHeader,
} from '../sample/lab-note-run.ts';
import { notedBulk, notedPingPong } from '../sample/vm-client-note.ts';

function note(...measurements: readonly WholeMeasurement[]): Run {
  const header = sampleNoteHeader();
  const configuration = sampleNotedConfiguration({ workloads: measurements.map((one) => one.spec), topology: null });
  const experiment = { ...header.experiment, configurations: [configuration] };
  const trials = [sampleNotedTrial({ configuration, measurements: [...measurements] })];
  return judgedRun({ header: { ...header, experiment }, trials, ends: [sampleNoteEnd()] });
}

describe('the report of a lab note', () => {
  const run = note(notedBulk(), notedPingPong());
  const terminal = terminalReport(run, { columns: 200, isColor: false });
  const markdown = markdownReport(run);

  it('says first that it is one, which, and what of it is in no figure', () => {
    const [, ...lines] = terminal.split('\n');
    expect(lines.slice(0, 3)).toEqual([
      'lab note vm-client.md (40 lines): written by a person, not measured by tapbench',
      'left out, 1 thing in no figure: line 12 uname -a (no measurement)',
      'not recorded: the note has empty blocks on line 31',
    ]);
    expect(markdown.startsWith('> lab note vm-client.md')).toBe(true);
  });

  it('says of host, guest and method that the note does not say', () => {
    expect(terminal).toContain('host: the note does not say');
    expect(markdown.match(/The note does not say\./g)).toHaveLength(2);
    expect(markdown).toContain('between whom is not said');
    expect(markdown).toContain('tracing: the note does not say');
  });

  it('strikes the cost out whose calls can not be all, in every format', () => {
    expect(terminal).toContain('1,284 calls/GB (void)');
    expect(markdown).toContain('~~1,284~~ (void)');
    expect(csvReport(run)).toMatch(/cost\.systemCallsPerGigabyte,1,[\d.]+,no,/);
    expect(csvReport(run)).toMatch(/cost\.systemCallsPerRoundTrip,1,[\d.]+,yes,/);
  });

  it('prints no null, no NaN and no undefined for what the note leaves open', () => {
    const bare = note(sampleNotedMeasurement());
    const texts = [terminalReport(bare, { columns: 80, isColor: false }), markdownReport(bare), csvReport(bare)];
    for (const text of texts)
      expect(text.replace(/^```tapbench-exact\n[^`]*```$/m, '')).not.toMatch(/null|NaN|undefined/);
    expect(markdownReport(bare)).toContain('16.4 Gbits/sec');
  });

  it('is written whatever the note leaves open', () => {
    fc.assert(
      fc.property(arbitraryMeasurement, (measurement) => {
        const noted = { ...measurement, noted: sampleNotedMeasurement().noted };
        const any = note(noted);
        const texts = [
          terminalReport(any, { columns: 80, isColor: false, isVerbose: true }),
          markdownReport(any),
          csvReport(any),
        ];
        for (const text of texts) expect(text).not.toMatch(/NaN|undefined/);
      }),
      { numRuns: 200 },
    );
  });

  it('compares its sections with nothing: nobody chose them for that', () => {
    expect(compareWithin(run)).toBeNull();
  });
});
