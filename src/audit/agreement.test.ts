import { describe, expect, it } from 'vitest';
import { sampleContext } from '../../test/sample/audit-context.ts';
import { sampleNoteHeader } from '../../test/sample/lab-note-run.ts';
import { sampleSockperfMeasurement } from '../../test/sample/sockperf.ts';
import { notedBulk, notedPingPong } from '../../test/sample/vm-client-note.ts';
import { agreement } from './agreement.ts';

const { source } = sampleNoteHeader();

describe('agreement', () => {
  it('notes that rate and latency of a lab note agree, with the figures', () => {
    expect(agreement.judge(sampleContext(notedPingPong(), { source }))).toEqual([
      {
        level: 'note',
        audit: 'agreement',
        concerns: ['latency'],
        message: 'rate and latency agree: 198,352 messages x 2 x mean half round trip take 0.9986 of the 29.55 s',
      },
    ]);
  });

  it('leaves figures that do not agree to rate-times-latency, and has nothing to say of a transfer or of what was measured', () => {
    const noted = notedPingPong();
    const latency = noted.latency === null ? null : { ...noted.latency, messages: 100_000 };
    expect(agreement.judge(sampleContext({ ...noted, latency }, { source }))).toEqual([]);
    expect(agreement.judge(sampleContext(notedBulk(), { source }))).toEqual([]);
    expect(agreement.judge(sampleContext(sampleSockperfMeasurement()))).toEqual([]);
  });
});
