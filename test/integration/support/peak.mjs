// Preloaded (node --import): writes at the end what the process took, for a test to read.
import { writeFileSync } from 'node:fs';

process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const peak = { residentBytes: maxRSS * 1024, cpuMs: (userCPUTime + systemCPUTime) / 1e3 };
  writeFileSync(process.env['TAPBENCH_PEAK_FILE'] ?? '/dev/null', JSON.stringify(peak));
});
