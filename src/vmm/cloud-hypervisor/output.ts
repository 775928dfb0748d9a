import type { VmmOutput } from '../driver.ts';

/** `cloud-hypervisor: TIME: <THREAD> LEVEL:FILE:LINE -- MESSAGE` (Logger of main.rs in 44.0 to 51.2, of logger.rs since). */
const logged = /^cloud-hypervisor:\s+\S+: <[^>]*> ERROR:/;

/** Whether a line of Cloud Hypervisor's log, or of its stderr, is an error. With a log file its stderr has only why it can't go on. */
export function isCloudHypervisorError(line: string, output: VmmOutput): boolean {
  return output === 'stderr' || logged.test(line);
}
