import { describe, expect, it } from 'vitest';
import { sampleContext } from '../../test/sample/audit-context.ts';
import { sampleGuestFacts } from '../../test/sample/guest-facts.ts';
import { sampleIperf3Measurement } from '../../test/sample/iperf3.ts';
import { sampleTrial } from '../../test/sample/trial.ts';
import { ownInit } from './own-init.ts';

const rootfs = { form: 'ext4', sha256: '', tools: 'image', system: null, libc: null, programs: {} } as const;

function judge(changes: Parameters<typeof sampleGuestFacts>[0]) {
  const trial = sampleTrial({ guest: sampleGuestFacts(changes) });
  return ownInit.judge(sampleContext(sampleIperf3Measurement(), { trial }));
}

describe('own-init', () => {
  it('says that services of the root file system ran', () => {
    expect(judge({ rootfs: { ...rootfs, init: 'systemd' } })).toMatchObject([
      { level: 'note', concerns: ['all'], message: expect.stringContaining('own init (systemd)') as string },
    ]);
  });

  it('is silent where our init ran the tools, in whichever root file system', () => {
    expect([...judge({}), ...judge({ rootfs })]).toEqual([]);
  });
});
