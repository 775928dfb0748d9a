import { describe, expect, it } from 'vitest';
import { around, sampleComparedRun, sampleSide } from '../../../test/sample/compared-run.ts';
import { sampleComparison, sampleComparisonOfRuns } from '../../../test/sample/comparison.ts';
import { sampleHostFacts, sampleTcpSysctls } from '../../../test/sample/host-facts.ts';
import type { Comparison } from '../../record/comparison.ts';
import { widthOf } from '../text/table.ts';
import { comparisonTerminal } from './terminal.ts';

function comparisonOf(rates: readonly number[], gates: readonly string[] = []): Comparison {
  return sampleComparison(sampleComparedRun([sampleSide('a'), sampleSide('b', { rates })]), gates);
}

function textOf(comparison: Comparison, columns = 80): string {
  return comparisonTerminal(comparison, { columns, isColor: false });
}

/** The same configuration on two hosts. */
function onTwoHosts(
  sysctls: Readonly<Record<string, string>>,
  before: Readonly<Record<string, string>> = sampleTcpSysctls,
): Comparison {
  const [first, second] = [before, sysctls].map((values, index) =>
    sampleComparedRun([sampleSide('a')], { runId: `run-${String(index)}`, host: sampleHostFacts({ sysctls: values }) }),
  );
  if (first === undefined || second === undefined) return expect.fail('two runs');
  return sampleComparisonOfRuns(first, second, 'a');
}

it('tells a family of 10,000 differences in one paragraph, in time that grows with them', () => {
  const sysctls = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`net.x${String(index)}`, '1']));
  const others = Object.fromEntries(Object.keys(sysctls).map((name) => [name, '2']));
  expect(textOf(onTwoHosts(others, sysctls)).match(/host\.sysctls: 10000 differ/g)).toHaveLength(1);
});

describe('a comparison at the terminal', () => {
  const slower = around(2e9, 0.01, 6);

  it('says the verdicts first, in words', () => {
    expect(textOf(comparisonOf(slower)).replaceAll(/\s+/g, ' ')).toMatch(
      /^b against a: 2 worse \(iperf3 throughput -14\.\d %; /,
    );
  });

  it('says first what is not fair, before what was asked and the table', () => {
    const lines = textOf(onTwoHosts({ ...sampleTcpSysctls, 'net.ipv4.tcp_congestion_control': 'bbr' })).split('\n');
    const at = (start: string) => lines.findIndex((line) => line.startsWith(start));
    expect(lines).toContain('  host.sysctls.net.ipv4.tcp_congestion_control cubic -> bbr');
    expect(at('not fair')).toBeGreaterThan(0);
    expect(at('The configurations are the same')).toBeGreaterThan(at('not fair'));
    expect(at('iperf3')).toBeGreaterThan(at('not fair'));
  });

  it('says of the same boots on both sides that this compares nothing, and calls it no A/A', () => {
    const run = sampleComparedRun([sampleSide('a')]);
    const text = textOf(sampleComparisonOfRuns(run, run, 'a'), 120);
    expect(text).toMatch(/not fair.*\n {2}run\.boots .*both sides are the same boots of one run/);
    expect(text).not.toContain('A/A');
  });

  it('tells many facts of one family in one paragraph', () => {
    const keys = ['a', 'b', 'c', 'd', 'e'].map((key) => [`net.core.${key}`, '1'] as const);
    const text = textOf(onTwoHosts({ ...sampleTcpSysctls, ...Object.fromEntries(keys) }), 120);
    expect(text).toContain('host.sysctls: 5 differ: net.core.a none -> 1; net.core.b none -> 1;');
  });

  it.each([80, 120])('keeps within %d columns', (columns) => {
    const gates = ['throughput>=-3%', 'cost.systemCallsPerRoundTrip<=4.5', 'throughput.lostShare<=1%'];
    const lines = textOf(comparisonOf(slower, gates), columns).split('\n');
    expect(lines.filter((line) => widthOf(line) > columns)).toEqual([]);
  });

  it('puts both figures beside their change where there is room, else below it', () => {
    const [wide, narrow] = [textOf(comparisonOf(slower), 120), textOf(comparisonOf(slower), 80)];
    expect(wide).toMatch(
      /^ {2}throughput +2\.3\d Gbit\/s \[.*\] +2\.00 Gbit\/s \[.*\] +-14\.\d % \[.*\] +0\.\d+ +worse$/m,
    );
    expect(narrow).toMatch(
      /^ {2}throughput +-14\.\d % \[.*\] +0\.\d+ +worse\n {4}2\.3\d Gbit\/s \[.*\] -> 2\.00 Gbit\/s/m,
    );
  });

  it('keeps costs apart from figures', () => {
    const text = textOf(comparisonOf(slower));
    expect(text.indexOf('\n  VMM CPU a GB')).toBeGreaterThan(text.indexOf('\ncosts\n'));
    expect(text.indexOf('\n  half round trip, p99')).toBeLessThan(text.indexOf('\ncosts\n'));
  });

  it('says each gate with its status in words and its interval', () => {
    const text = textOf(comparisonOf(slower, ['throughput>=-3%', 'latency.p99<=+5%']), 120);
    expect(text).toMatch(/^ {2}fail {9}throughput>=-3% {3}iperf3: the 95 % interval is -1\d/m);
    expect(text).toMatch(/^ {2}pass {9}latency\.p99<=\+5% {2}sockperf: the 95 % interval is/m);
  });
});
