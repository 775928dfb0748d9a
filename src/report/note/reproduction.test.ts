import { describe, expect, it } from 'vitest';
import { type ReproducedFigure, type Reproduction, reproductionText } from './reproduction.ts';

function figure(changes: Partial<ReproducedFigure> = {}): ReproducedFigure {
  return {
    configuration: 'firecracker',
    workload: 'sockperf',
    what: 'latency.p50',
    unit: 'ns',
    noted: 70_909,
    rounding: 0.5,
    voidedBy: null,
    here: [80_000, 100_000, 90_000],
    ...changes,
  };
}

function text(changes: Partial<Reproduction> = {}): string {
  const reproduction = {
    file: 'note.md',
    runId: 'run',
    figures: [figure()],
    differences: [],
    assumed: [],
    impossible: [],
  };
  return reproductionText({ ...reproduction, ...changes }, { columns: 100, isColor: false });
}

describe('a lab note done again, in text', () => {
  it('has the figure of the note, the median here with its range, and their ratio', () => {
    expect(text()).toMatch(/latency\.p50 +70\.9 us +90\.0 us \(80\.0 \.\. 100, 3 boots\) +1\.27/);
  });

  it('has no ratio to what was not measured here, or to a zero of the note', () => {
    expect(text({ figures: [figure({ here: [] })] })).toMatch(/70\.9 us +not measured *$/m);
    expect(text({ figures: [figure({ noted: 0, here: [5] })] })).not.toMatch(/Infinity|NaN/);
  });

  it('marks what is void in the note, with the reason', () => {
    const shown = text({ figures: [figure({ voidedBy: 'percentiles fall' })] });
    expect(shown).toContain('70.9 us (void)');
    expect(shown).toContain('void in the note: percentiles fall');
  });

  it('says what was assumed and left out, and that nothing was tested', () => {
    const shown = text({ assumed: ['4 streams'], impossible: ['vm-to-vm is not supported'] });
    expect(shown).toContain('assumed: 4 streams');
    expect(shown).toContain('left out: vm-to-vm is not supported');
    expect(shown).toContain('no test is made');
  });

  it('shows control characters of a note written out', () => {
    expect(text({ figures: [figure({ workload: 'a\u001b[31m' })] })).not.toContain('\u001b');
  });
});
