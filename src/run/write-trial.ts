import { TapbenchError } from '../record/error.ts';
import type { GatheredTrial } from '../record/trial.ts';
import type { Store } from '../store/store.ts';

function withoutWhatWasSaid(trial: GatheredTrial, { code, message, hint }: TapbenchError): GatheredTrial {
  const failure = { code, message, hint, workload: null, consoleTail: [], vmmStderrTail: [] };
  const machines = trial.machines.map((machine) => ({ ...machine, guest: null }));
  return { ...trial, status: 'failed', machines, measurements: [], failure: trial.failure ?? failure };
}

/**
 * Writes a trial; where guest or VMM said so much that its record could not be read again, a failed one without what they said.
 * @returns what was written
 * @throws TapbenchError `STORE_FAILED`
 */
export async function writeTrial(store: Pick<Store, 'writeTrial'>, trial: GatheredTrial): Promise<GatheredTrial> {
  try {
    await store.writeTrial(trial);
    return trial;
  } catch (error) {
    if (!(error instanceof TapbenchError) || error.code !== 'RECORD_INVALID') throw error;
    const failed = withoutWhatWasSaid(trial, error);
    await store.writeTrial(failed);
    return failed;
  }
}
