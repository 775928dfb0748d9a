import { describe, expect, it } from 'vitest';
import type { Finding } from '../record/finding.ts';
import { isUsable, voidingFindings } from './usable.ts';

function finding(level: Finding['level'], concerns: Finding['concerns']): Finding {
  return { level, audit: 'sample', message: 'sample', concerns };
}

describe('whether a figure may be used', () => {
  it('is yes under doubts and notes', () => {
    expect(isUsable({ findings: [finding('doubt', ['all']), finding('note', ['throughput'])] }, 'throughput')).toBe(
      true,
    );
  });

  it('is no where a finding voids it, and only it', () => {
    const findings = [finding('void', ['throughput'])];
    expect(isUsable({ findings }, 'throughput')).toBe(false);
    expect(isUsable({ findings }, 'latency')).toBe(true);
  });

  it('is no for everything where a finding voids all', () => {
    const findings = [finding('void', ['all'])];
    for (const figure of ['throughput', 'latency', 'systemCalls', 'cost', 'vmmCpuNsPerGigabyte'] as const) {
      expect(isUsable({ findings }, figure)).toBe(false);
    }
  });

  it('is no for costs made of void counts, and yes for CPU costs beside them', () => {
    const findings = [finding('void', ['systemCalls'])];
    expect(isUsable({ findings }, 'systemCallsPerRoundTrip')).toBe(false);
    expect(isUsable({ findings }, 'vmmCpuNsPerRoundTrip')).toBe(true);
  });

  it('comes with the findings that say why', () => {
    const reason = finding('void', ['cost', 'latency']);
    expect(voidingFindings({ findings: [finding('note', ['cost']), reason] }, 'bitsPerSecondPerCore')).toEqual([
      reason,
    ]);
  });
});
