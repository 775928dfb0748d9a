import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { machineFiles } from '../host/machine-files.ts';
import type { HostSetting } from '../record/trial.ts';
import { absent, answerOf, type Preparing, refused } from './preparing.ts';

/** Takes and gives a 32-bit number of microseconds, for as long as it is held open (Documentation/power/pm_qos_interface.rst). */
export const latencyDevice = '/dev/cpu_dma_latency';
const driverFile = '/sys/devices/system/cpu/cpuidle/current_driver';
const numberBytes = 4;

/** Why a request would change nothing here; null where idle states are chosen by this kernel. */
export function idleStatesAbsent(root: string): string | null {
  const driver = machineFiles(root).text(driverFile);
  const isNone = driver === null || driver === 'none';
  return isNone ? 'the kernel chooses no idle states here (no cpuidle driver)' : null;
}

/** What the kernel keeps to now: the least of all requests. null where the file holds no number. */
function inForceUs(descriptor: number): number | null {
  const bytes = Buffer.alloc(numberBytes);
  return readSync(descriptor, bytes, 0, numberBytes, 0) === numberBytes ? bytes.readInt32LE() : null;
}

function request(descriptor: number, latencyUs: number): void {
  const bytes = Buffer.alloc(numberBytes);
  bytes.writeInt32LE(latencyUs);
  writeSync(descriptor, bytes);
}

/**
 * Keeps every CPU out of idle states that take longer to leave. Asked through the kernel's latency requests rather than by switching
 * states off CPU by CPU: the kernel takes the request back by itself when the file is closed, also by `kill -9`, so no old value can be lost.
 */
export function holdIdleLatency({ root, changed }: Preparing, latencyUs: number): HostSetting {
  const wish = { field: 'idleLatencyUs', target: latencyDevice, wanted: String(latencyUs) };
  const whyAbsent = idleStatesAbsent(root);
  if (whyAbsent !== null) return absent(wish, whyAbsent);
  let descriptor: number;
  try {
    // Node opens with O_CLOEXEC: no child holds the request when this process is gone.
    descriptor = openSync(join(root, latencyDevice), 'r+');
  } catch (error) {
    const answer = answerOf(error);
    return answer.startsWith('ENOENT') ? absent(wish, `no ${latencyDevice}`) : refused(wish, null, answer);
  }
  changed.defer(() => {
    closeSync(descriptor);
  });
  try {
    const beforeUs = inForceUs(descriptor);
    // Also where another process has asked for as much: it may let go of it in the middle of a window.
    request(descriptor, latencyUs);
    const nowUs = inForceUs(descriptor);
    const before = beforeUs === null ? null : String(beforeUs);
    if (nowUs === null || nowUs > latencyUs) return refused(wish, before, `it was asked for and is ${String(nowUs)}`);
    const isAlready = beforeUs !== null && beforeUs <= latencyUs;
    return { ...wish, before, status: isAlready ? 'already' : 'set', reason: null };
  } catch (error) {
    return refused(wish, null, answerOf(error));
  }
}
