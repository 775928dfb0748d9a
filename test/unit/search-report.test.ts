import { describe, expect, it } from 'vitest';
import { judgedRun } from '../../src/derive/derive.ts';
import type { RateSearch } from '../../src/record/rate-search.ts';
import type { Run } from '../../src/record/run.ts';
import { csvReport } from '../../src/report/csv.ts';
import { markdownReport } from '../../src/report/markdown/markdown.ts';
import { terminalReport } from '../../src/report/terminal/terminal.ts';
import { sampleIperf3Measurement } from '../sample/iperf3.ts';
import { sampleRunHeader } from '../sample/run.ts';
import { sampleSearch } from '../sample/search.ts';
import { sampleTrial } from '../sample/trial.ts';

function runOf(search: RateSearch): Run {
  const sample = sampleIperf3Measurement({ spec: { protocol: 'udp', search: { mostLostShare: 0.001 } } });
  const trial = sampleTrial({ measurements: [{ ...sample, search }] });
  return judgedRun({ header: sampleRunHeader(), trials: [trial], ends: [] });
}

const verbose = { columns: 120, isColor: false, isVerbose: true } as const;

describe('the steps of a search', () => {
  const run = runOf(sampleSearch());

  it('stand in the report with what came of them', () => {
    const text = markdownReport(run);
    expect(text).toContain(
      'The highest rate with loss &lt;= 0.1 %: 2.00 Gbit/s arrived, asked for 2.00 Gbit/s each client and way. Of 3.00 Gbit/s more was lost.',
    );
    expect(text).toMatch(/^\| 1 +\| as fast as it goes +\| 2\.00 Gbit\/s \| 172,652 +\| 50\.0 % \| failed \|$/m);
  });

  it('stand in the terminal where all is asked for, beside the rate', () => {
    expect(terminalReport(run, verbose)).toMatch(
      /highest within loss limit +2\.00 Gbit\/s[^]*search of iperf3, boot 1[^]*as fast as it goes/,
    );
  });

  it('have a line each in CSV', () => {
    const lines = csvReport(run).split('\r\n');
    expect(lines.find((line) => line.includes('search.highestBitsPerSecond,bit/s,2000000000,yes'))).toBeDefined();
    expect(lines.find((line) => line.includes('search.step[3].lostShare,1,0.2'))).toBeDefined();
  });

  it('say where no rate was found, and where the highest passed', () => {
    const none = sampleSearch({ outcome: 'none-passed', highestBitsPerSecond: null, targetBitsPerSecond: 3e6 });
    expect(markdownReport(runOf(none))).toContain(
      'No rate had loss &lt;= 0.1 %. The window was run with the last that was tried: 3.00 Mbit/s.',
    );
    const all = sampleSearch({ outcome: 'highest-passed', targetBitsPerSecond: null, failedBitsPerSecond: null });
    expect(markdownReport(runOf(all))).toContain(
      'asked for as fast as it goes each client and way. No higher one was tried.',
    );
  });
});
