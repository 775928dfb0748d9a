import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sampleContext } from '../../test/sample/audit-context.ts';
import { sampleIperf3Measurement } from '../../test/sample/iperf3.ts';
import { sampleSockperfMeasurement } from '../../test/sample/sockperf.ts';
import { finding } from '../record/finding.ts';
import type { Audit } from './audit.ts';
import { audits, judgeMeasurement } from './audits.ts';

function broken(error: unknown): Audit {
  return {
    name: 'broken',
    holdsFor: 'window',
    judge: () => {
      throw error;
    },
  };
}

function speaking(level: 'void' | 'doubt' | 'note'): Audit {
  return {
    name: level,
    holdsFor: 'window',
    judge: () => [{ level, audit: level, message: 'spoken', concerns: ['all'] }],
  };
}

describe('the audits', () => {
  it('say nothing of healthy measurements', () => {
    for (const measurement of [sampleIperf3Measurement(), sampleSockperfMeasurement()]) {
      expect(judgeMeasurement({ whole: sampleContext(measurement) })).toEqual([]);
    }
  });

  it('are each named for a file and each file of an audit is in the list', () => {
    const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
    const others = [
      'audit',
      'audits',
      'cpu-shares',
      'in-flight',
      'link-bounds',
      'quantity',
      'rounding',
      'round-trip-share',
    ];
    const names = files.map((file) => file.slice(0, -3)).filter((name) => !others.includes(name));
    expect(audits.map((audit) => audit.name).sort()).toEqual(names.sort());
  });

  it('sign their findings with their own name, in the schema of a finding', () => {
    const silent = { ...sampleIperf3Measurement(), throughput: null, consoleBytes: 5 };
    const findings = audits.flatMap((audit) =>
      audit.judge(sampleContext(silent)).map((one) => [audit.name, one] as const),
    );
    expect(findings.length).toBeGreaterThan(1);
    for (const [name, one] of findings) expect(finding.parse(one).audit).toBe(name);
  });

  it('that throw become a note, whatever was thrown', () => {
    const context = sampleContext(sampleIperf3Measurement());
    expect(judgeMeasurement({ whole: context }, [broken(new TypeError('no such field')), broken('a string')])).toEqual([
      { level: 'note', audit: 'broken', message: 'audit broken failed: no such field', concerns: ['all'] },
      { level: 'note', audit: 'broken', message: 'audit broken failed: a string', concerns: ['all'] },
    ]);
  });

  it('are heard worst first', () => {
    const context = sampleContext(sampleIperf3Measurement());
    const findings = judgeMeasurement({ whole: context }, [speaking('note'), speaking('void'), speaking('doubt')]);
    expect(findings.map((one) => one.level)).toEqual(['void', 'doubt', 'note']);
  });
});
