import type { WorkloadSpec } from '../record/experiment.ts';
import type { RateSearch } from '../record/rate-search.ts';
import type { SearchStep, WorkloadSearch } from '../workload/workload.ts';
import { filesOf } from './flow-outcome.ts';
import { brokenEnd } from './flows.ts';
import type { ReadWindow } from './read-window.ts';

/** What a window is run with, and how that was found. */
export interface Found {
  readonly found: WorkloadSpec;
  readonly search: RateSearch;
}

/** A step as the workload's room wants it. @throws TapbenchError where a guest of it went down: nothing more can come of the trial */
function stepOf({ flows, outcome }: ReadWindow): SearchStep {
  const each = flows.map((flow) => {
    if ('reading' in flow) return flow.reading;
    const broken = brokenEnd(flow.flow);
    if (broken !== null) throw broken;
    return { failure: flow.failure.message };
  });
  const files = outcome.flows.flatMap((flow) => ('failure' in flow ? [] : filesOf(flow)));
  return { flows: each, files };
}

/** Runs the steps of a search one after another. @param run the step of this number, from 1 */
export async function searched(
  search: WorkloadSearch<WorkloadSpec>,
  run: (spec: WorkloadSpec, number: number) => Promise<ReadWindow>,
): Promise<Found> {
  const done: SearchStep[] = [];
  for (;;) {
    const move = search.next(done);
    if ('found' in move) return move;
    done.push(stepOf(await run(move.step, done.length + 1)));
  }
}
