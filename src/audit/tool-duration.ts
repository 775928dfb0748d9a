import type { Finding } from '../record/finding.ts';
import { askedTimesOf } from '../workload/questions.ts';
import type { Audit, AuditContext } from './audit.ts';
import { seconds } from './quantity.ts';
import { type Rounded, rounded } from './rounding.ts';

const audit = 'tool-duration';

/** The window encloses the tool's run; a guest's clock may differ from the host's by far less than this. */
const clockTolerance = 0.01;
const endedEarlyBelow = 0.95;
/** Start of the client, connecting, summing up and writing its log: this much, and a quarter of the run. */
const startAndEndNs = 5_000_000_000;
const startAndEndShare = 0.25;

/** What the tool says; null where it does not. */
function saidOf({ measurement }: AuditContext): Rounded | null {
  const { throughput, latency } = measurement;
  const durationNs = throughput === null ? (latency?.durationNs ?? null) : throughput.durationNs;
  const field = throughput === null ? 'latency.durationNs' : 'throughput.durationNs';
  return durationNs === null ? null : rounded(measurement, field, durationNs);
}

/** A window much longer than what was asked for. */
function longWindow(windowNs: number, runNs: number): Finding[] {
  if (windowNs <= runNs * (1 + startAndEndShare) + startAndEndNs) return [];
  const message = `a run of ${seconds(runNs)} took ${seconds(windowNs)}: the guest's clock is slow, or the client waited`;
  return [{ level: 'doubt', audit, message, concerns: ['all'] }];
}

/**
 * The tool divides by its own clock, in a guest that may have lost time; the window is on the host's. A tool that says it ran longer than the window that
 * holds it divided by a wrong clock: its rate is void. A window much longer than what was asked for may be the other way about.
 */
export const toolDuration: Audit = {
  name: audit,
  holdsFor: 'flow',
  judge(context: AuditContext): Finding[] {
    const { window } = context.measurement;
    const said = saidOf(context);
    const asked = askedTimesOf(context.measurement.spec);
    if (said === null) return [];
    const windowNs = window === null ? null : window.endNs - window.startNs;
    if (windowNs !== null && said.value - said.rounding > windowNs * (1 + clockTolerance)) {
      const message = `the tool says it ran for ${seconds(said.value)} in a window of ${seconds(windowNs)}: the guest's clock is wrong`;
      return [{ level: 'void', audit, message, concerns: ['all'] }];
    }
    if (asked === null) return [];
    if (said.value + said.rounding < asked.figuresNs * endedEarlyBelow) {
      const message = `the tool ran for ${seconds(said.value)}, not ${seconds(asked.figuresNs)}: it ended early`;
      return [{ level: 'doubt', audit, message, concerns: ['all'] }];
    }
    // A window that is shared is as long as the longest of its workloads.
    const isShared = (context.measurement.underLoad ?? []).length > 0;
    return windowNs === null || isShared ? [] : longWindow(windowNs, asked.runNs);
  },
};
