import { describe, expect, it } from 'vitest';
import { around, sampleComparedRun, sampleSide } from '../../../test/sample/compared-run.ts';
import { sampleComparison } from '../../../test/sample/comparison.ts';
import { sampleVmmFacts } from '../../../test/sample/guest-facts.ts';
import { sampleIperf3Measurement } from '../../../test/sample/iperf3.ts';
import { sampleRunEnd, sampleRunHeader } from '../../../test/sample/run.ts';
import { sampleFailedTrial, sampleTrial } from '../../../test/sample/trial.ts';
import type { Cost, Measurement } from '../../record/measurement.ts';
import type { Run } from '../../record/run.ts';
import type { Trial } from '../../record/trial.ts';
import { markdownReport } from '../markdown/markdown.ts';
import { emulatedCpuWarning } from '../measurement/describe.ts';
import { widthOf } from '../text/table.ts';
import { terminalReport } from './terminal.ts';

const cost: Cost = {
  systemCallsPerRoundTrip: null,
  systemCallsPerGigabyte: 1234,
  waitCallsPerRoundTrip: null,
  waitCallsPerGigabyte: null,
  guestEntriesPerRoundTrip: null,
  guestEntriesPerGigabyte: null,
  userspaceExitsPerRoundTrip: null,
  userspaceExitsPerGigabyte: null,
  kvmExitsPerRoundTrip: null,
  kvmExitsPerGigabyte: null,
  vmmCpuNsPerRoundTrip: null,
  vmmCpuNsPerGigabyte: null,
  vmmCpuOutsideVcpuNsPerRoundTrip: null,
  vmmCpuOutsideVcpuNsPerGigabyte: null,
  bitsPerSecondPerCore: null,
  reasons: {},
};

function trialOf(boot: number, changes: Partial<Measurement> = {}): Trial {
  const trial = sampleTrial({ boot, block: boot, trialId: `00${String(boot)}-qemu-b${String(boot)}` });
  return {
    ...trial,
    measurements: [{ ...sampleIperf3Measurement(), cost, observerEffect: null, findings: [], ...changes }],
  };
}

function runOf(trials: readonly Trial[]): Run {
  const { overhead } = sampleRunEnd();
  return { ...sampleRunHeader(), status: 'done', stoppedBy: null, tags: [], trials: [...trials], overhead };
}

const voiding: Partial<Measurement> = {
  findings: [{ level: 'void', audit: 'stream-sum', message: 'the streams do not add up', concerns: ['throughput'] }],
};

function report(trials: readonly Trial[], isColor = false): string {
  return terminalReport(runOf(trials), { columns: 80, isColor });
}

describe('the report at the terminal', () => {
  it('says that one boot has no spread', () => {
    expect(report([trialOf(1)])).toContain('16.4 Gbit/s  1 boot: no spread');
  });

  it('gives the range over boots where there are several', () => {
    const slow = sampleIperf3Measurement({ bitsPerSecond: 16_000_000_000 }).throughput;
    expect(report([trialOf(1), trialOf(2, { throughput: slow })])).toMatch(
      /throughput +16\.2 Gbit\/s +16\.0 \.\. 16\.4/,
    );
  });

  it('gives the mean with its interval from three boots on', () => {
    const trials = [16e9, 16.2e9, 16.4e9].map((bitsPerSecond, index) =>
      trialOf(index + 1, { throughput: sampleIperf3Measurement({ bitsPerSecond }).throughput }),
    );
    // Student's t with 2 degrees of freedom: 16.2 -+ 4.303 x 0.2 / sqrt(3).
    expect(report(trials)).toMatch(/throughput +16\.2 Gbit\/s +\[15\.7, 16\.7\]/);
  });

  it('counts a boot that was repeated once', () => {
    const again = { ...trialOf(2), trialId: 'again', repeats: '002-qemu-b2' };
    expect(report([trialOf(1), trialOf(2, voiding), again])).toMatch(/throughput +16\.4 Gbit\/s +16\.4 \.\. 16\.4/);
  });

  it('holds the comparison of its configurations where it is given one', () => {
    const run = sampleComparedRun([sampleSide('a'), sampleSide('b', { rates: around(2e9, 0.01, 6) })]);
    const comparison = sampleComparison(run);
    const look = { columns: 80, isColor: false };
    expect(terminalReport(run, { ...look, comparison })).toMatch(
      /b against a: .* worse[^]*throughput +-14\.\d %[^]*took 91/,
    );
    expect(terminalReport(run, look)).not.toContain('against');
    expect(markdownReport(run, { comparison })).toMatch(/# Comparison\n\n## b against a\n\n\*\*[^]* worse[^]*# Costs/);
    expect(markdownReport(run)).not.toContain('# Comparison');
  });

  it('strikes a void figure through and gives the reason', () => {
    const plain = report([trialOf(1, voiding)]);
    expect(plain).toMatch(/throughput \(void\) +16\.4 Gbit\/s +all boots void/);
    expect(plain).toContain('void  stream-sum: the streams do not add up');
    expect(report([trialOf(1, voiding)], true)).toContain('\u001b[9m\u001b[31m16.4 Gbit/s');
  });

  it('leaves a void boot out of the figure and shows it apart', () => {
    const doubled = sampleIperf3Measurement({ bitsPerSecond: 32_800_000_000 }).throughput;
    const text = report([trialOf(1), trialOf(2, { ...voiding, throughput: doubled })]);
    expect(text).toMatch(/throughput +16\.4 Gbit\/s +1 boot: no spread/);
    expect(text).toMatch(/boot 2 \(void\) +32\.8 Gbit\/s/);
  });

  it('has no codes without colour, and the same words with it', () => {
    const trials = [trialOf(1), trialOf(2)];
    expect(report(trials)).not.toContain('\u001b');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: SGR codes begin with ESC
    expect(report(trials, true).replaceAll(/\u001b\[\d+m/g, '')).toBe(report(trials));
  });

  it.each([40, 80, 120])('keeps its table within %d columns', (columns) => {
    const lines = terminalReport(runOf([trialOf(1), trialOf(2, voiding), sampleFailed()]), {
      columns,
      isColor: true,
    }).split('\n');
    const tooWide = lines.filter((line) => widthOf(line) > Math.max(columns, 60));
    expect(tooWide).toEqual([]);
  });

  it('shows a failed trial with its reason and the last words of the console', () => {
    const text = report([trialOf(1), sampleFailed()]);
    expect(text).toContain('1 failed');
    expect(text).toContain('GUEST_FAILED: the guest panicked after 1.2 s');
    expect(text).toContain('Kernel panic');
  });

  it('says in every format that an emulated CPU is not comparable', () => {
    const trial = { ...trialOf(1), vmm: sampleVmmFacts({ accel: 'tcg' }) };
    expect(report([trial])).toContain(emulatedCpuWarning);
    expect(markdownReport(runOf([trial]))).toContain(emulatedCpuWarning);
    expect(report([trialOf(1)])).not.toContain(emulatedCpuWarning);
  });

  it('says that a VMM is a debug build above all else, in both formats', () => {
    const trial = { ...trialOf(1), vmm: sampleVmmFacts({ isDebugBuild: true }) };
    expect(report([trial]).split('\n').slice(0, 4).join(' ')).toContain('is a debug build');
    expect(markdownReport(runOf([trial])).split('\n')[0]).toContain('is a debug build');
    expect(report([trialOf(1)])).not.toContain('debug build');
  });

  it('names the configuration wherever there are several', () => {
    const sides = [sampleSide('a'), sampleSide('b')];
    const text = terminalReport(sampleComparedRun(sides), { columns: 120, isColor: false, isVerbose: true });
    for (const name of ['a', 'b']) {
      expect(text).toContain(`\nSystem calls a gigabyte: ${name} iperf3 `);
      expect(text).toContain(`\nSystem calls a round trip: ${name} sockperf `);
    }
  });

  it('says once of a configuration that nothing was measured in it', () => {
    const run = sampleComparedRun([sampleSide('a'), sampleSide('b')]);
    const trials = run.trials.filter(({ configuration }) => configuration.name === 'a');
    const text = terminalReport({ ...run, trials }, { columns: 80, isColor: false });
    expect(text).toContain('\nb nothing was measured\n');
    expect(text).not.toContain('b iperf3');
  });

  it('keeps figures, doubts and the names of notes of many workloads, and leaves the rest to --verbose', () => {
    const told: Partial<Measurement> = {
      findings: [
        { level: 'doubt', audit: 'steal', message: 'the hypervisor took 2 %', concerns: ['all'] },
        { level: 'note', audit: 'loss', message: '9 datagrams were lost', concerns: ['throughput'] },
      ],
    };
    const names = Array.from({ length: 17 }, (_, index) => `c${String(index)}`);
    const configurations = names.map((name) => ({ ...trialOf(1).configuration, name }));
    const trials = configurations.map((configuration) => ({ ...trialOf(1, told), configuration }));
    const run = runOf(trials);
    const many = { ...run, experiment: { ...run.experiment, configurations } };
    const text = (isVerbose: boolean) => terminalReport(many, { columns: 120, isColor: false, isVerbose });
    expect(text(false)).toContain('  doubt steal: the hypervisor took 2 %\n  note  loss\n');
    expect(text(false)).not.toContain('System calls a');
    expect(text(false)).toContain('--verbose');
    expect(text(true)).toContain('  note  loss: 9 datagrams were lost\n');
    expect(text(true)).toContain('System calls a');
  });

  it('stands when nothing was measured at all', () => {
    expect(report([])).toContain('nothing was measured');
    expect(markdownReport(runOf([]))).toContain('Nothing was measured.');
  });
});

function sampleFailed(): Trial {
  return { ...sampleFailedTrial({ trialId: '003-qemu-b3', boot: 3 }), measurements: [] };
}
