import type { Finding } from '../record/finding.ts';
import type { Audit, AuditContext } from './audit.ts';
import { seconds } from './quantity.ts';

const audit = 'tool-duration';

/** The window encloses the tool's run; a guest's clock may differ from the host's by far less than this. */
const clockTolerance = 0.01;
const endedEarlyBelow = 0.95;
/** sockperf leaves out 400 ms of warm-up and 50 ms at the end (TEST_START_WARMUP_MSEC and TEST_END_COOLDOWN_MSEC of its defs.h). */
const sockperfLeavesOutNs = 450_000_000;
/** Start of the client, connecting, summing up and writing its log: this much, and a quarter of the run. */
const startAndEndNs = 5_000_000_000;
const startAndEndShare = 0.25;

/** What the tool was asked for, ns: the seconds of its figures, and those that the client runs. */
function asked({ measurement: { spec } }: AuditContext): { figures: number; run: number } {
  if (spec.kind === 'iperf3') return { figures: spec.durationNs, run: spec.durationNs + spec.omitNs };
  return { figures: Math.max(0, spec.durationNs - sockperfLeavesOutNs), run: spec.durationNs };
}

/**
 * The tool divides by its own clock, in a guest that may have lost time; the window is on the host's. A tool that says it ran longer than the window that
 * holds it divided by a wrong clock: its rate is void. A window much longer than what was asked for may be the other way about.
 */
export const toolDuration: Audit = {
  name: audit,
  judge(context: AuditContext): Finding[] {
    const { throughput, latency, window } = context.measurement;
    const durationNs = throughput?.durationNs ?? latency?.durationNs;
    if (durationNs === undefined) return [];
    const windowNs = window.endNs - window.startNs;
    const { figures, run } = asked(context);
    if (durationNs > windowNs * (1 + clockTolerance)) {
      const message = `the tool says it ran for ${seconds(durationNs)} in a window of ${seconds(windowNs)}: the guest's clock is wrong`;
      return [{ level: 'void', audit, message, concerns: ['all'] }];
    }
    if (durationNs < figures * endedEarlyBelow) {
      const message = `the tool ran for ${seconds(durationNs)}, not ${seconds(figures)}: it ended early`;
      return [{ level: 'doubt', audit, message, concerns: ['all'] }];
    }
    if (windowNs <= run * (1 + startAndEndShare) + startAndEndNs) return [];
    const message = `a run of ${seconds(run)} took ${seconds(windowNs)}: the guest's clock is slow, or the client waited`;
    return [{ level: 'doubt', audit, message, concerns: ['all'] }];
  },
};
