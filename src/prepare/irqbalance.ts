import { machineFiles } from '../host/machine-files.ts';
import { identityOf, type ProcessIdentity } from '../lab/process-identity.ts';
import { continueProcess, isStopped, stopProcess } from '../lab/stopped-process.ts';
import type { HostSetting } from '../record/trial.ts';
import { absent, answerOf, type Preparing, refused, type Wish } from './preparing.ts';

const field = 'irqbalance';
/** Name of the daemon's process. */
export const irqbalance = 'irqbalance';

/** Where the daemon's pid stands: its pid file, or the control group of its systemd unit (v2, hybrid, v1). */
const places = [
  '/run/irqbalance.pid',
  '/sys/fs/cgroup/system.slice/irqbalance.service/cgroup.procs',
  '/sys/fs/cgroup/unified/system.slice/irqbalance.service/cgroup.procs',
  '/sys/fs/cgroup/systemd/system.slice/irqbalance.service/cgroup.procs',
];

/** The running daemon; null where none is known. A pid file may be older than its process, so the process must have the daemon's name. */
export function findIrqbalance(root: string): ProcessIdentity | null {
  const files = machineFiles(root);
  const pids = places.flatMap((place) => files.text(place)?.split('\n').map(Number) ?? []);
  const pid = pids.find((one) => machineFiles().text(`/proc/${String(one)}/comm`) === irqbalance);
  return pid === undefined ? null : identityOf(pid);
}

async function pause(preparing: Preparing, daemon: ProcessIdentity, wish: Wish): Promise<HostSetting> {
  const { ledger, changed } = preparing;
  const settle = ledger.note({ kind: 'stopped-process', ...daemon, what: irqbalance });
  changed.defer(() => {
    continueProcess(daemon);
    settle();
  });
  try {
    if (!(await stopProcess(daemon))) return refused(wish, 'running', 'it did not stop in time');
  } catch (error) {
    return refused(wish, 'running', answerOf(error));
  }
  return { ...wish, before: 'running', status: 'set', reason: null };
}

/** Lets the irqbalance daemon run or holds it still: a stopped one moves no interrupts, and those stay where they are. */
export async function setIrqbalance(preparing: Preparing, mayRun: boolean): Promise<HostSetting> {
  const wanted = mayRun ? 'running' : 'paused';
  const daemon = findIrqbalance(preparing.root);
  if (daemon === null)
    return absent({ field, target: irqbalance, wanted }, 'no irqbalance daemon is known to run here');
  const wish: Wish = { field, target: `process ${String(daemon.pid)} (${irqbalance})`, wanted };
  const before = isStopped(daemon) ? 'paused' : 'running';
  if (before === wanted) return { ...wish, before, status: 'already', reason: null };
  if (mayRun) return refused(wish, before, 'somebody else has stopped it');
  return await pause(preparing, daemon, wish);
}
