import { describe, expect, it } from 'vitest';
import { sampleContext } from '../../test/sample/audit-context.ts';
import { sampleSockperfMeasurement } from '../../test/sample/sockperf.ts';
import { clientExit } from './client-exit.ts';

function judge(exitStatus: number | null) {
  const measurement = sampleSockperfMeasurement();
  const client = { ...measurement.commands.client, exitStatus };
  return clientExit.judge(sampleContext({ ...measurement, commands: { ...measurement.commands, client } }));
}

describe('client-exit', () => {
  it('is silent on a client that succeeded, whatever became of the server', () => {
    expect(judge(0)).toEqual([]);
  });

  it('voids the figures of a client that failed or was killed', () => {
    expect(judge(1)).toMatchObject([{ level: 'void', message: 'the client exited with 1' }]);
    expect(judge(null)).toMatchObject([{ level: 'void', message: 'the client was ended by a signal' }]);
  });
});
