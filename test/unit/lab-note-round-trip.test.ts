import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deriveRun, judgedRun } from '../../src/derive/derive.ts';
import { readNote } from '../../src/lab-note/read-note.ts';
import { noteRecord } from '../../src/lab-note/record/note-record.ts';
import type { Measurement } from '../../src/record/measurement.ts';
import type { Run } from '../../src/record/run.ts';
import type { Trial } from '../../src/record/trial.ts';
import { markdownReport } from '../../src/report/markdown/markdown.ts';
import { noteReport } from '../../src/report/note/terminal.ts';
import { readRun } from '../../src/store/read-run.ts';
import { vmmOfThread } from '../../src/vmm/thread-role.ts';
import { notedRun } from '../sample/noted-run.ts';
import { sampleRunEnd, sampleRunHeader } from '../sample/run.ts';
import { sampleTrial } from '../sample/trial.ts';

const fixtures = join(import.meta.dirname, '../fixtures');

/** `TAPBENCH_ROUND_TRIPS=20000` for a long search. */
const numRuns = Number(process.env['TAPBENCH_ROUND_TRIPS'] ?? 200);

function readBack(text: string): Run {
  const parts = noteRecord(readNote(text), {
    file: 'report.md',
    sha256: 'ab'.repeat(32),
    readAt: '2025-02-01T00:00:00.000Z',
    runId: 'read-back',
    roleOf: vmmOfThread,
  });
  return judgedRun(parts);
}

/** What a lab note carries of a measurement, in the order of the experiment. */
function carried({ trials }: Run): unknown[] {
  return trials.flatMap((trial) => trial.measurements.map((measurement) => carriedOf(trial, measurement)));
}

function carriedOf({ configuration, boot }: Trial, measurement: Measurement): object {
  const { latency, noted, commands, cost, vmmErrors, vmmMemory = null, search = null } = measurement;
  const ends = [commands.server, commands.client].map((command) => command && { ...command, files: [] });
  const { workload, spec, window, work, consoleBytes, throughput, systemCalls, threads, kvmExits, vmmCounters, link } =
    measurement;
  return {
    configuration: configuration.name,
    topology: configuration.topology,
    machine: {
      vmm: { ...configuration.vmm, kind: null, accel: null, binary: null },
      guest: configuration.guest,
      nic: configuration.nic,
    },
    boot,
    workload,
    spec,
    ends,
    window,
    work,
    consoleBytes,
    throughput,
    systemCalls,
    threads,
    kvmExits,
    vmmCounters,
    vmmErrors,
    vmmMemory,
    link,
    search,
    latency: latency === null ? null : { ...latency, histogram: null },
    rounding: noted?.rounding ?? {},
    cost: { ...cost, reasons: null },
  };
}

/** JSON in which the order of fields says nothing. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}

/** In an order that does not depend on that of trials. */
function sorted(values: readonly unknown[]): unknown[] {
  const keyed = values.map((value) => ({ value, key: canonical(value) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ value }) => value);
}

function leftOutOf({ source }: Run): { line: number; what: string; why: string }[] {
  return source.kind === 'lab-note' ? source.leftOut : [];
}

describe('report.md', () => {
  it('is a lab note that reads back to the same figures, calls and costs, and leaves nothing out but the logs of failed trials', () => {
    fc.assert(
      fc.property(notedRun, (stored) => {
        const run = judgedRun(stored);
        const back = readBack(markdownReport(run));
        expect(leftOutOf(back).filter(({ what }) => what !== 'log of a failed trial')).toEqual([]);
        expect(sorted(carried(back))).toEqual(sorted(carried(run)));
      }),
      { numRuns },
    );
  }, 3_600_000);
});

function filesIn(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesIn(path) : [path];
  });
}

describe('the report of a lab note', () => {
  const notes = filesIn(join(fixtures, 'lab-note')).filter((path) => !path.endsWith('readings.txt'));

  it('is a note of the same figures, with the same rounding', () => {
    for (const path of notes) {
      const text = readFileSync(path, 'utf8');
      const note = path.endsWith('.md') ? text : `# VM as client\n\`\`\`\n${text}\n\`\`\`\n`;
      const run = readBack(note);
      const again = readBack(markdownReport(run));
      expect(leftOutOf(again), path).toEqual([]);
      expect(carried(again), path).toEqual(carried(run));
    }
  });

  it('says half round trips of what a command measured whole', () => {
    const note =
      '# VM as client\n```\nsockperf pp -i 1.2.3.4 --full-rtt -t 5\n---> percentile 50.000 =  100.000\n```\n';
    const run = readBack(note);
    expect(run.trials[0]?.measurements[0]?.latency?.halfRoundTripNs.p50).toBe(50_000);
    expect(carried(readBack(markdownReport(run)))).toEqual(carried(run));
  });
});

describe('a report with exact parts that somebody has changed', () => {
  const run = judgedRun({ header: sampleRunHeader(), trials: [sampleTrial()], ends: [sampleRunEnd()] });
  const report = markdownReport(run);
  const [bulk, small] = run.trials[0]?.measurements ?? [];

  function changed(
    from: string | RegExp,
    to: string,
  ): { bulk: Measurement | undefined; small: Measurement | undefined; whats: string[] } {
    expect(report).toMatch(from);
    const back = readBack(report.replace(from, to));
    const [first, second] = back.trials[0]?.measurements ?? [];
    return { bulk: first, small: second, whats: leftOutOf(back).map(({ what, why }) => `${what}: ${why}`) };
  }

  it('keeps the rate of the text, and every figure that still agrees', () => {
    const back = changed(/^(throughput .*"bitsPerSecond":)16400000000/m, '$117000000000');
    expect(back.bulk?.throughput).toEqual({ ...bulk?.throughput, bitsPerSecond: 16.4e9 });
    expect(back.bulk?.noted?.rounding).toEqual({ 'throughput.bitsPerSecond': 50_000_000 });
    expect(back.whats).toEqual([
      'exact throughput.bitsPerSecond 17000000000: it contradicts the text, which says 16400000000',
    ]);
  });

  it('takes a figure that the text rounds to the same', () => {
    const back = changed(/^(throughput .*"bitsPerSecond":)16400000000/m, '$116400000123');
    expect(back.bulk?.throughput?.bitsPerSecond).toBe(16_400_000_123);
    expect(back.whats).toEqual([]);
  });

  it('keeps the percentiles and streams of the text', () => {
    const latency = changed('"p99":129709', '"p99":120000');
    expect(latency.small?.latency?.halfRoundTripNs).toEqual(small?.latency?.halfRoundTripNs);
    expect(latency.small?.latency?.roundTripNs.p99).toBe(2 * 129_709);
    expect(latency.whats).toHaveLength(2);
    const streams = changed(/^(streams .*"rows":\[)\[5,[^\]]*\],/m, '$1');
    expect(streams.bulk?.throughput?.streams.map(({ id }) => id)).toEqual([5, 7, 9, 11]);
    expect(streams.whats).toEqual([
      'exact throughput.streams 3 entries: it contradicts the text, which says 4 entries',
    ]);
  });

  it('keeps the counts of calls in the text', () => {
    const back = changed(
      '"name":"writev","request":null,"kind":"work","count":248615',
      '"name":"writev","request":null,"kind":"work","count":9',
    );
    expect(back.bulk?.systemCalls?.threads.flatMap(({ calls }) => calls).map(({ count }) => count)).toContain(248_615);
    expect(back.whats).toEqual(['exact systemCalls: they contradict the counts in the text']);
  });

  it('keeps what the command asks for', () => {
    const back = changed(
      '"durationNs":30000000000,"protocol":"tcp","streams":4',
      '"durationNs":60000000000,"protocol":"tcp","streams":4',
    );
    expect(back.bulk?.spec).toEqual(bulk?.spec);
    expect(back.whats).toEqual(['exact durationNs 60000000000: the command says 30000000000']);
  });

  it('lists what is no part, and what is too large to be a figure', () => {
    const back = changed(/^throughput .*"bytes":61500000000/m, 'nonsense {"a":1}\n$&e200');
    expect(back.bulk?.throughput).toMatchObject({ bitsPerSecond: 16.4e9 });
    expect(back.whats).toHaveLength(1);
    expect(back.whats[0]).toMatch(/^nonsense .* \(2 lines, to line \d+\): not understood$/);
  });

  it('takes the first of two, and of two blocks none', () => {
    const twice = changed(/^throughput (.*)$/m, '$&\nthroughput {"protocol":"udp"}');
    expect(twice.bulk?.throughput).toEqual(bulk?.throughput);
    expect(twice.whats).toEqual(['throughput {"protocol":"udp"}: not understood']);
    const back = changed(/^throughput (.*)$/m, '$&\n```\n```tapbench-exact\n$&');
    expect(back.bulk?.throughput).toMatchObject({ bitsPerSecond: 16.4e9, congestionControl: { sender: null } });
    expect(back.whats[0]).toContain('its section has not one output that they belong to, each part once');
  });

  it('makes no measurement of parts without an origin, nor of a log', () => {
    const parts = /^throughput .*$/m.exec(report)?.[0] ?? '';
    const log = '[SUM]   0.00-30.00  sec  57.3 GBytes  16.4 Gbits/sec                  receiver';
    const back = readBack(`# A\n\`\`\`tapbench-exact\n${parts}\n\`\`\`\n# B\n\`\`\`tapbench-log\n${log}\n\`\`\`\n`);
    expect(back.trials).toEqual([]);
    expect(leftOutOf(back)).toHaveLength(2);
  });

  it('is read to its end, however large or deep the parts are', () => {
    const row = '[0,1000000000,2050069905,16400559240,0,false],';
    const long = report.replace(/^(intervals .*"rows":\[)/m, `$1${row.repeat(200_000)}`);
    expect(readBack(long).trials[0]?.measurements[0]?.throughput?.intervals).toHaveLength(200_030);
    const deep = report.replace(/^link .*$/m, `link ${'['.repeat(5_000_000)}`);
    expect(readBack(deep).trials[0]?.measurements[0]?.link).toBeNull();
    const wide = report.replace(/^link .*$/m, 'link {"device":'.repeat(300_000));
    expect(readBack(wide).trials[0]?.measurements[0]?.link).toBeNull();
  });
});

describe('the appendix of exact figures', () => {
  const run = judgedRun({ header: sampleRunHeader(), trials: [sampleTrial()], ends: [sampleRunEnd()] });
  const report = markdownReport(run);
  const heading = '## VM as client sending bulk data to a host\n';

  it('is the last thing in the report, behind everything that people read', () => {
    const [text = '', ...appendices] = report.split('# Appendix: exact figures\n');
    expect(appendices).toHaveLength(1);
    expect(text).not.toContain('tapbench-exact');
    expect(appendices[0]).not.toContain('# Method');
  });

  it('belongs to nothing where the heading of a measurement was changed: it is listed, and the text counts', () => {
    const back = readBack(report.replace(heading, '## VM as client, bulk, first try\n'));
    const rates = back.trials.flatMap(({ measurements }) => measurements.map(({ throughput }) => throughput));
    expect(rates.filter((rate) => rate !== null)).toMatchObject([
      { bitsPerSecond: 16.4e9, congestionControl: { sender: null } },
    ]);
    expect(leftOutOf(back).map(({ what }) => what)).toEqual([
      'exact figures, of which no measurement is found by its heading',
    ]);
  });

  it('is not taken for another measurement where one was taken out of the report', () => {
    const section = report.slice(report.indexOf(heading), report.indexOf('# Latency'));
    const back = readBack(report.replace(section, ''));
    expect(back.trials.flatMap(({ measurements }) => measurements.map(({ workload }) => workload))).toEqual([
      'sockperf',
    ]);
  });

  it('is found where two reports stand in one file', () => {
    const back = readBack(`${report}\n${report}`);
    expect(back.trials.flatMap(({ measurements }) => measurements)).toHaveLength(4);
  });
});

describe('a report with its exact figures between the text', () => {
  it.each(['four-boots', 'exits'])('comes back as it was stored: %s', async (name) => {
    const back = readBack(readFileSync(join(fixtures, `tapbench-report-2/${name}.md`), 'utf8'));
    const stored = deriveRun(await readRun(join(import.meta.dirname, `../golden/${name}/stored`)));
    // These say nothing of the machine.
    const parts = (run: Run): unknown[] => carried(run).map((one) => Object.assign({}, one, { machine: null }));
    expect(sorted(parts(back))).toEqual(sorted(parts(stored)));
    expect(leftOutOf(back).filter(({ what }) => what !== 'log of a failed trial')).toEqual([]);
  });
});

describe('a report with a ceiling', () => {
  it('comes back with it, and with the shares', async () => {
    const back = readBack(readFileSync(join(import.meta.dirname, '../golden/ceiling/report.md'), 'utf8'));
    const stored = deriveRun(await readRun(join(import.meta.dirname, '../golden/ceiling/stored')));
    expect(sorted(carried(back))).toEqual(sorted(carried(stored)));
    expect(back.experiment.configurations.map(({ name, ceilingOf }) => [name, ceilingOf])).toEqual([
      ['qemu', undefined],
      ['ceiling', ['qemu']],
    ]);
    // Trials have ids of their own in a note.
    const shares = ({ ceilingShares = [] }: Run): unknown[] =>
      ceilingShares.map((one) => ({ ...one, ratios: one.ratios.map(({ ratio }) => ratio) }));
    expect(shares(back)).toEqual(shares(stored));
    expect(leftOutOf(back).filter(({ what }) => what !== 'log of a failed trial')).toEqual([]);
  });
});

describe('notes read of a report', () => {
  it('names the exact parts', () => {
    const run = judgedRun({ header: sampleRunHeader(), trials: [sampleTrial()], ends: [sampleRunEnd()] });
    const text = noteReport(readNote(markdownReport(run)), { columns: 100, isColor: false });
    expect(text).toMatch(
      /^ {2}line \d+ exact: measurement, machine, throughput, streams, intervals, systemCalls, threads,\n +vmmErrors, link$/m,
    );
  });
});

describe('a report of an older version', () => {
  it('comes back with its boots and the figures of its line of exact ones', async () => {
    const text = readFileSync(join(fixtures, 'tapbench-report-1/four-boots.md'), 'utf8');
    const stored = deriveRun(await readRun(join(import.meta.dirname, '../golden/four-boots/stored')));
    const back = readBack(text);
    const measured = stored.trials.filter(({ measurements }) => measurements.length > 0);
    expect(back.trials.map(({ boot }) => boot)).toEqual(measured.map(({ boot }) => boot));
    const figuresOf = (trials: readonly Trial[]) =>
      trials.flatMap(({ measurements }) =>
        measurements.map(({ workload, throughput, latency }) => ({
          workload,
          rate: throughput && [throughput.bitsPerSecond, throughput.bytes, throughput.sentBytes, throughput.durationNs],
          half: latency?.halfRoundTripNs,
          messages: latency?.messages,
        })),
      );
    expect(figuresOf(back.trials)).toEqual(figuresOf(measured));
  });
});
