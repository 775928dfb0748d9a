import type { Finding } from '../record/finding.ts';
import type { Audit, AuditContext } from './audit.ts';
import { percent, seconds, sum } from './quantity.ts';

const audit = 'thread-missing';

/** Threads and process are read apart, a few ms at each edge, and one may be counted in ticks of 10 ms. */
const tolerance = 0.05;
const slackNs = 100_000_000;

/** The kernel's own threads can't be seen from inside a pid namespace: then the work of vhost is nobody's. */
function hiddenWorker({ measurement, trial }: AuditContext): Finding[] {
  const isVhost = trial.configuration.nic?.vhost === true;
  const isSeen = measurement.threads.some(({ role }) => role === 'vhost');
  if (!isVhost || isSeen || measurement.threads.length === 0) return [];
  const message = 'vhost moves the packets, and none of its workers was seen: their CPU time is not in the cost';
  return [{ level: 'doubt', audit, message, concerns: ['cost'] }];
}

function missingTime({ measurement }: AuditContext): Finding[] {
  const vmm = measurement.hostCpu?.ours.filter((one) => one.part === 'vmm') ?? [];
  if (vmm.length === 0 || measurement.threads.length === 0) return [];
  const processNs = sum(vmm.map((one) => one.runNs));
  const threadsNs = sum(measurement.threads.map((thread) => thread.runNs));
  const missing = processNs - threadsNs;
  if (missing <= processNs * tolerance + slackNs) return [];
  const message = `the VMM ran for ${seconds(processNs)}, its threads for ${seconds(threadsNs)}: ${percent(missing / processNs)} of its CPU time is not in the cost`;
  return [{ level: 'doubt', audit, message, concerns: ['cost'] }];
}

/** The CPU time of the VMM's threads adds up to that of its process, and its vhost workers are among them: else a thread came, went, or was not found. */
export const threadMissing: Audit = {
  name: audit,
  holdsFor: 'window',
  judge: (context: AuditContext): Finding[] => [...missingTime(context), ...hiddenWorker(context)],
};
