import type { Finding } from '../record/finding.ts';
import type { Audit, AuditContext } from './audit.ts';
import { amount } from './quantity.ts';

const audit = 'console-bytes';

/** One console byte for a thousand frames changes a count per frame by less than a part in a thousand. */
const doubtBytesPerFrame = 0.001;

/** Every byte on the guest's console is an exit and a write by the vCPU thread: it would pass for the network's cost. */
export const consoleBytes: Audit = {
  name: audit,
  holdsFor: 'machine',
  judge({ measurement }: AuditContext): Finding[] {
    const { consoleBytes: bytes, link } = measurement;
    if (bytes === null || bytes === 0) return [];
    const frames = (link?.fromGuest.packets ?? 0) + (link?.toGuest.packets ?? 0);
    const level = bytes > frames * doubtBytesPerFrame ? 'doubt' : 'note';
    const message = `${amount(bytes)} bytes crossed the guest's console inside the window: each is an exit and a write of the VMM`;
    // In `separate` mode the calls were counted in another window.
    const concerns: Finding['concerns'] =
      measurement.systemCalls?.mode === 'inline' ? ['cost', 'systemCalls'] : ['cost'];
    return [{ level, audit, message, concerns }];
  },
};
