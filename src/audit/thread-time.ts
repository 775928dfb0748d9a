import type { Finding } from '../record/finding.ts';
import type { Audit, AuditContext } from './audit.ts';
import { seconds } from './quantity.ts';

const audit = 'thread-time';

/** Threads are read one after the other, not at the very edge of the window. */
const tolerance = 0.01;
const slackNs = 20_000_000;

/** No thread runs for longer than the window: one that does was read wrongly, or over another window. */
export const threadTime: Audit = {
  name: audit,
  holdsFor: 'machine',
  judge({ measurement }: AuditContext): Finding[] {
    const { window } = measurement;
    if (window === null) return [];
    const windowNs = window.endNs - window.startNs;
    const limitNs = windowNs * (1 + tolerance) + slackNs;
    const over = measurement.threads.find((thread) => thread.runNs > limitNs);
    if (over === undefined) return [];
    const message = `thread ${over.name} (${String(over.tid)}) ran for ${seconds(over.runNs)} in a window of ${seconds(windowNs)}`;
    return [{ level: 'void', audit, message, concerns: ['cost'] }];
  },
};
