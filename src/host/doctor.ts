import { checkCpu, checkSteal, cpuTicks } from './check/check-cpu.ts';
import { checkKvm } from './check/check-kvm.ts';
import { checkSpace } from './check/check-memory.ts';
import { checkNetwork } from './check/check-network.ts';
import { checkPrograms } from './check/check-programs.ts';
import { checkTracing, type TracingTried } from './check/check-tracing.ts';
import { checkUser } from './check/check-user.ts';
import type { Requirement } from './check/requirement.ts';
import type { KvmVerdict } from './kvm-verdict.ts';
import { machineFiles } from './machine-files.ts';

export interface Examination {
  readonly cacheFolder: string;
  readonly storeFolder: string;
  /** What a real boot has shown since the host booted; null: none was tried. */
  readonly kvm: KvmVerdict | null;
  /** Tried while the rest is examined. */
  readonly tracing: Promise<TracingTried>;
}

/** Everything that a run needs or is better for. Takes a second or two, most of it while the tracer is tried; leaves nothing behind. */
export async function examineHost(examination: Examination): Promise<Requirement[]> {
  const files = machineFiles();
  const before = cpuTicks(files);
  const [programs, network, tracing] = await Promise.all([
    checkPrograms(examination.cacheFolder),
    checkNetwork(files),
    examination.tracing,
  ]);
  return [
    ...checkUser(),
    ...programs,
    ...network,
    ...checkTracing(tracing, files),
    ...checkKvm(examination.kvm),
    ...checkCpu(files),
    checkSteal(before, cpuTicks(files)),
    ...checkSpace(files, examination),
  ];
}
