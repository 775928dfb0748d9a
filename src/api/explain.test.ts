import { describe, expect, it } from 'vitest';
import { sampleConfiguration, sampleSockperfSpec } from '../../test/sample/experiment.ts';
import type { Fingerprint, FingerprintCall } from '../derive/fingerprint.ts';
import type { Run } from '../record/run.ts';
import { explainText } from '../report/explain.ts';
import { explainFingerprint } from './explain.ts';

function call(role: FingerprintCall['role'], name: string, perUnit: number) {
  const whole = Number.isInteger(perUnit) ? perUnit : null;
  const [word = '', request = null] = name.split(' ');
  return { role, call: word, request, kind: 'work', perUnit, whole } satisfies FingerprintCall;
}

/** As QEMU's emulated microvm answers a ping-pong. */
function fingerprint(calls: FingerprintCall[], vmm: Partial<Fingerprint['vmm']> = {}): Fingerprint {
  const configuration: Run['experiment']['configurations'][number] = sampleConfiguration();
  const [, workload = configuration.workloads[0]] = configuration.workloads;
  if (workload === undefined) throw new Error('the sample has workloads');
  const { options } = sampleConfiguration().vmm;
  const ran = { kind: 'qemu', version: '7.2.22', accel: 'tcg', options, ...vmm };
  return { configuration, workload, machine: null, vmm: ran, unit: 'round trip', onlyCalls: null, calls };
}

const usual = [call('vcpu', 'write', 1), call('vmm', 'read', 3), call('vmm', 'writev', 1), call('vmm', 'ppoll', 2.3)];
const look = { columns: 100, isColor: false };

describe('the explanation of a run', () => {
  it("says what a call does by the VMM's own table, by role, whatever the request where the table has none", () => {
    const { calls } = explainFingerprint(fingerprint([call('vmm', 'writev', 1), call('vcpu', 'futex FUTEX_WAIT', 2)]));
    expect(calls.map(({ step }) => step)).toEqual(['tap-write', 'wake-up']);
    expect(calls[0]?.source).toContain('net/tap.c');
  });

  it('leaves open what the table does not have', () => {
    const { calls } = explainFingerprint(fingerprint([call('vmm', 'splice', 1), call(null, 'writev', 1)]));
    expect(calls.map(({ meaning }) => meaning)).toEqual([null, null]);
  });

  it('is content with counts as they were known, fractions of other calls aside', () => {
    expect(explainFingerprint(fingerprint(usual)).known?.changes).toEqual([]);
  });

  it('reports counts that changed, are gone, or are new', () => {
    const changed = [call('vcpu', 'write', 1), call('vmm', 'read', 2.5), call('vmm', 'sendmsg', 1)];
    const { known } = explainFingerprint(fingerprint(changed));
    expect(known?.changes).toEqual([
      { call: 'vmm read', before: 3, after: 2.5 },
      { call: 'vmm writev', before: 1, after: 0 },
      { call: 'vmm sendmsg', before: 0, after: 1 },
    ]);
    expect(explainText([explainFingerprint(fingerprint(changed))], { ...look, columns: 300 })).toContain(
      'vmm writev 1 -> none',
    );
  });

  it('compares with nothing where the like is not known', () => {
    expect(explainFingerprint(fingerprint(usual, { kind: 'other' })).known).toBeNull();
    // What is known is of one request at a time.
    const several = sampleSockperfSpec({ mode: 'under-load' });
    expect(explainFingerprint({ ...fingerprint(usual), workload: several }).known).toBeNull();
  });

  it('gives each fingerprint on one line, and each call of a VMM once', () => {
    const text = explainText([explainFingerprint(fingerprint(usual)), explainFingerprint(fingerprint(usual))], {
      ...look,
      columns: 300,
    });
    expect(
      text.match(/qemu 7\.2\.22, tcg, a round trip: vcpu: write 1; vmm: read 3, writev 1, ppoll 2\.30/g),
    ).toHaveLength(2);
    expect(text.match(/gives one frame of the guest/g)).toHaveLength(1);
  });

  it('says so where nothing was counted', () => {
    expect(explainText([], look)).toContain('No system calls were counted');
  });
});
