import { TapbenchError } from '../record/error.ts';
import type { GatheredTrial } from '../record/trial.ts';
import { recordText } from '../store/record-text.ts';

/** The trial; where guest or VMM said so much that its record could not be read again, a failed one without what they said. */
export function readableTrial(trial: GatheredTrial): GatheredTrial {
  try {
    recordText(trial);
    return trial;
  } catch (error) {
    if (!(error instanceof TapbenchError)) throw error;
    const { code, message, hint } = error;
    const failure = { code, message, hint, workload: null, consoleTail: [], vmmStderrTail: [] };
    return {
      ...trial,
      status: 'failed',
      machines: trial.machines.map((machine) => ({ ...machine, guest: null })),
      measurements: [],
      failure: trial.failure ?? failure,
    };
  }
}
