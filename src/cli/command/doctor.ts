import { z } from 'zod';
import type { TracingTried } from '../../host/check/check-tracing.ts';
import type { Requirement } from '../../host/check/requirement.ts';
import { examineHost } from '../../host/doctor.ts';
import { cacheFolder, storeFolder } from '../../host/folders.ts';
import { findPrograms } from '../../host/program.ts';
import { type HostScore, measureHostScore } from '../../host/score/host-score.ts';
import { judgeHostScore } from '../../host/score/judge-score.ts';
import { imageKvmVerdict } from '../../preflight/accelerator.ts';
import { checkVmms } from '../../preflight/check-vmms.ts';
import { tracingVerdict } from '../../preflight/tracing.ts';
import { checkPrepare } from '../../prepare/check-prepare.ts';
import { tracefsState } from '../../probe/tracefs.ts';
import type { ProgramFacts } from '../../record/host.ts';
import { jsonText } from '../../report/text/printable.ts';
import { driverOf } from '../../vmm/drivers.ts';
import { checkOwnUser } from '../../world/own-user.ts';
import { doctorTable } from '../doctor-table.ts';
import { interrupts } from '../interrupts.ts';
import { readOptions, storeOptions } from '../options.ts';
import { print } from '../output.ts';
import { stdoutLook } from '../terminal.ts';

const cannotRun = 3;
/** Long enough for 2,000 timers, and for what comes once a second. */
const scoreDurationMs = 2_000;

const doctorOptions = storeOptions.extend({ score: z.boolean().default(true) });

/** `tapbench doctor` */
export async function doctorCommand(given: object): Promise<void> {
  const { store, json, score: isScored } = readOptions(doctorOptions, given);
  const cache = cacheFolder();
  const [vmm, bpftrace] = await findPrograms([driverOf('qemu').binaryNames[0] ?? '', 'bpftrace'], {
    cacheFolder: cache,
  });
  const examined = await examineHost({
    cacheFolder: cache,
    storeFolder: storeFolder(store),
    kvm: await imageKvmVerdict(vmm ?? null),
    tracing: tracingTried(bpftrace ?? null),
  });
  const requirements: Requirement[] = [...examined, ...(await checkVmms()), await checkOwnUser(), ...checkPrepare()];
  // After the examination, whose own work would be in it.
  const score = isScored ? await measureHostScore({ durationMs: scoreDurationMs }) : null;
  const isPossible = !requirements.some(({ isVital, status }) => isVital && status === 'missing');
  const judged = score === null ? null : judgeHostScore(score);
  await print(
    json
      ? jsonText({ canRun: isPossible, requirements, score: withVerdicts(score, judged) }, 2)
      : doctorTable({ requirements, score: judged }, stdoutLook()),
  );
  if (!isPossible) process.exitCode = cannotRun;
}

/** Tried anew each time: an examination does not rely on what was so earlier. */
async function tracingTried(bpftrace: ProgramFacts | null): Promise<TracingTried> {
  using interrupted = interrupts();
  const { signal } = interrupted;
  const verdict = await tracingVerdict({ bpftrace, isTimed: false, canRecall: false, signal });
  return { verdict, tracefs: tracefsState() };
}

function withVerdicts(score: HostScore | null, verdicts: readonly Requirement[] | null): object | null {
  return score === null ? null : { ...score, verdicts };
}
