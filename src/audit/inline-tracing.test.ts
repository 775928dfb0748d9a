import { describe, expect, it } from 'vitest';
import { sampleContext } from '../../test/sample/audit-context.ts';
import { sampleConfiguration } from '../../test/sample/experiment.ts';
import { sampleIperf3Measurement } from '../../test/sample/iperf3.ts';
import type { SystemCalls } from '../record/probe-readings.ts';
import { inlineTracing } from './inline-tracing.ts';

function judge(changes: Partial<SystemCalls>) {
  const measurement = sampleIperf3Measurement();
  const { systemCalls } = measurement;
  if (systemCalls === null) throw new Error('the sample was traced');
  return inlineTracing.judge(sampleContext({ ...measurement, systemCalls: { ...systemCalls, ...changes } }));
}

describe('inline-tracing', () => {
  it('is silent where the traced window was another, or only /proc was read', () => {
    expect(judge({})).toEqual([]);
    expect(judge({ mode: 'inline', source: 'procfs-io' })).toEqual([]);
  });

  it("notes a figure that was taken under a lab note's script", () => {
    const context = sampleContext(sampleIperf3Measurement());
    const configuration = sampleConfiguration();
    const traced = { ...configuration, trace: { ...configuration.trace, mode: 'lab-note' as const } };
    const trial = { ...context.trial, configuration: traced };
    expect(inlineTracing.judge({ ...context, trial })).toMatchObject([{ level: 'note' }]);
  });

  it('notes a figure that was taken under the tracer', () => {
    expect(judge({ mode: 'inline' })).toMatchObject([{ level: 'note', concerns: ['throughput', 'cost'] }]);
  });
});
