import { describe, expect, it } from 'vitest';
import type { GateResult } from '../record/comparison.ts';
import { readSeed } from './comparison-options.ts';
import { gateError } from './comparison-output.ts';

function gate(status: GateResult['status'], text: string = status): GateResult {
  return { gate: text, candidate: 'b', workload: 'iperf3', status, reason: 'why' };
}

describe('gateError', () => {
  it('asks for exit 1 where a gate fails, whatever else, and names it once', () => {
    const error = gateError([gate('pass'), gate('cannot-tell'), gate('fail', 'x<=1'), gate('fail', 'x<=1')]);
    expect(error).toMatchObject({ code: 'GATE_FAILED', exitStatus: 1, message: 'failed: x<=1' });
  });

  it('asks for exit 5 where none fails and one cannot be told', () => {
    const error = gateError([gate('pass'), gate('cannot-tell')]);
    expect(error).toMatchObject({ code: 'GATE_UNDECIDED', exitStatus: 5 });
    // A metric that was not measured is mended by no number of boots.
    expect(error?.hint).toMatch(/says why, and how many boots would do where more would/);
  });

  it('asks for nothing where all pass, or there is none', () => {
    expect([gateError([gate('pass')]), gateError([])]).toEqual([null, null]);
  });
});

describe('readSeed', () => {
  it('takes whole numbers from 0, and none', () => {
    expect([readSeed('0'), readSeed('42'), readSeed(undefined)]).toEqual([0, 42, undefined]);
  });

  it.each(['-1', '1.5', 'x', '', '99999999999999999999'])('refuses %j', (text) => {
    expect(() => readSeed(text)).toThrow(expect.objectContaining({ code: 'USAGE' }));
  });
});
