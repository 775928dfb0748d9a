import { TapbenchError } from '../record/error.ts';
import { firstError } from '../record/first-error.ts';
import type { ToolReading } from '../workload/workload.ts';
import type { FlowFailure, FlowOutcome } from './flow-outcome.ts';
import type { WindowOutcome } from './window.ts';

/** A flow whose tool's output was read. */
export interface ReadFlow extends FlowOutcome {
  readonly reading: ToolReading;
}

/** A window whose tools' output was read. */
export interface ReadWindow {
  readonly outcome: WindowOutcome;
  readonly flows: readonly (ReadFlow | FlowFailure)[];
}

/**
 * Reads what the tool of each flow said. Of several one may have failed.
 * @param mayFail also the only one
 * @throws TapbenchError what `BoundWorkload.parse` throws, where it is the only one
 */
export async function readFlows(
  flows: readonly (FlowOutcome | FlowFailure)[],
  mayFail: boolean,
): Promise<(ReadFlow | FlowFailure)[]> {
  const read = flows.map(async (flow): Promise<ReadFlow | FlowFailure> => {
    if ('failure' in flow) return flow;
    try {
      return { ...flow, reading: await flow.load.workload.parse(flow.raw) };
    } catch (thrown) {
      const error = firstError(thrown);
      if ((flows.length === 1 && !mayFail) || !(error instanceof TapbenchError)) throw error;
      return { flow: flow.flow, load: flow.load, failure: error };
    }
  });
  return await Promise.all(read);
}
