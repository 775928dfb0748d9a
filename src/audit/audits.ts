import type { Finding } from '../record/finding.ts';
import { agreement } from './agreement.ts';
import type { Audit, AuditContext, AuditView, AuditViews } from './audit.ts';
import { clientExit } from './client-exit.ts';
import { congestionControl } from './congestion-control.ts';
import { consoleBytes } from './console-bytes.ts';
import { cpuWait } from './cpu-wait.ts';
import { debugBuild } from './debug-build.ts';
import { emulatedCpu } from './emulated-cpu.ts';
import { emulatedHost } from './emulated-host.ts';
import { failedRequestShare } from './failed-requests.ts';
import { fewMessages } from './few-messages.ts';
import { figureMissing } from './figure-missing.ts';
import { guestClock } from './guest-clock.ts';
import { guestSaturated } from './guest-saturated.ts';
import { hostNotSaid } from './host-not-said.ts';
import { hostSaturated } from './host-saturated.ts';
import { inlineTracing } from './inline-tracing.ts';
import { intervalSum } from './interval-sum.ts';
import { latencyOrder } from './latency-order.ts';
import { linkPayload } from './link-payload.ts';
import { loadCover } from './load-cover.ts';
import { loss } from './loss.ts';
import { lossLimit } from './loss-limit.ts';
import { lostEvents } from './lost-events.ts';
import { observerEffectSize } from './observer-effect.ts';
import { oversubscription } from './oversubscription.ts';
import { ownInit } from './own-init.ts';
import { partialTracing } from './partial-tracing.ts';
import { pathMtu } from './path-mtu.ts';
import { rateOfBytes } from './rate-of-bytes.ts';
import { rateTimesLatency } from './rate-times-latency.ts';
import { repetition } from './repetition.ts';
import { segmentationOffload } from './segmentation-offload.ts';
import { sentReceived } from './sent-received.ts';
import { shortWindow } from './short-window.ts';
import { spreadConsistent } from './spread-consistent.ts';
import { startSkew } from './start-skew.ts';
import { steal } from './steal.ts';
import { streamSum } from './stream-sum.ts';
import { threadMissing } from './thread-missing.ts';
import { threadTime } from './thread-time.ts';
import { toolDuration } from './tool-duration.ts';
import { unsteadyRate } from './unsteady-rate.ts';
import { untracedDataPath } from './untraced-data-path.ts';
import { vmmCounters } from './vmm-counters.ts';
import { vmmOutput } from './vmm-output.ts';
import { zeroInterval } from './zero-interval.ts';

/** All audits, in the order of their findings: the figure, its path, its cost, the machine. */
export const audits: readonly Audit[] = [
  ...[figureMissing, clientExit, toolDuration, rateTimesLatency, agreement, latencyOrder, spreadConsistent],
  ...[failedRequestShare, fewMessages, repetition],
  ...[rateOfBytes, streamSum, intervalSum, sentReceived, zeroInterval, unsteadyRate],
  ...[linkPayload, vmmCounters, loss, lossLimit, pathMtu, congestionControl, segmentationOffload],
  ...[untracedDataPath, lostEvents, partialTracing, inlineTracing, observerEffectSize],
  ...[vmmOutput, consoleBytes, threadMissing, threadTime],
  ...[
    cpuWait,
    oversubscription,
    steal,
    hostSaturated,
    guestSaturated,
    guestClock,
    ownInit,
    shortWindow,
    startSkew,
    loadCover,
    emulatedCpu,
    emulatedHost,
  ],
  ...[debugBuild, hostNotSaid],
];

const ranks: Readonly<Record<Finding['level'], number>> = { void: 0, doubt: 1, note: 2 };

function judgeWith(audit: Audit, context: AuditContext): Finding[] {
  try {
    return audit.judge(context);
  } catch (error) {
    const message = `audit ${audit.name} failed: ${error instanceof Error ? error.message : String(error)}`;
    return [{ level: 'note', audit: audit.name, message, concerns: ['all'] }];
  }
}

/** What an audit is asked of; null: of the whole. */
function viewsFor({ holdsFor }: Audit, { flows = [], machines = [] }: AuditViews): readonly AuditView[] | null {
  if (holdsFor === 'window' || flows.length === 0) return null;
  return holdsFor === 'machine' && machines.length > 0 ? machines : flows;
}

/** What is found of several in the same words is one finding. */
function merged(findings: readonly (Finding & { of: string[] })[]): Finding[] {
  const bySame = Map.groupBy(findings, (finding) => JSON.stringify({ ...finding, of: [] }));
  return [...bySame.values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [{ ...first, of: [...first.of, ...others.flatMap((one) => one.of)] }],
  );
}

function judgeViews(audit: Audit, views: AuditViews): Finding[] {
  const each = viewsFor(audit, views);
  if (each === null) return judgeWith(audit, views.whole);
  return merged(each.flatMap(({ name, context }) => judgeWith(audit, context).map((one) => ({ ...one, of: [name] }))));
}

/** What the audits say of a measurement, the worst first. An audit that throws is a `note`, never a crash. */
export function judgeMeasurement(views: AuditViews, by: readonly Audit[] = audits): Finding[] {
  return by.flatMap((audit) => judgeViews(audit, views)).sort((a, b) => ranks[a.level] - ranks[b.level]);
}
