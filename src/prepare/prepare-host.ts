import type { Ledger } from '../lab/ledger.ts';
import { TapbenchError } from '../record/error.ts';
import type { PrepareSpec } from '../record/experiment.ts';
import { errorsInOrder } from '../record/first-error.ts';
import type { HostSetting } from '../record/trial.ts';
import { setGovernor } from './governor.ts';
import { holdIdleLatency } from './idle-latency.ts';
import { setIrqbalance } from './irqbalance.ts';
import { setKsm, setTransparentHugepages } from './memory.ts';
import type { Preparing } from './preparing.ts';
import { setTurbo } from './turbo.ts';

/** A host that is as a trial wants it. Disposing puts everything back, the last change first. */
export interface PreparedHost extends AsyncDisposable {
  readonly settings: readonly HostSetting[];
  /** After disposing: what somebody else had changed meanwhile, and was therefore left. */
  readonly left: readonly string[];
}

export interface PrepareHostOptions {
  readonly spec: Omit<PrepareSpec, 'pin'>;
  readonly ledger: Ledger;
  /** `/`, or the folder of a made machine. */
  readonly root?: string;
}

async function apply(preparing: Preparing, spec: Omit<PrepareSpec, 'pin'>): Promise<HostSetting[]> {
  const { governor, turbo, idleLatencyUs, ksm, transparentHugepages, irqbalance } = spec;
  return [
    ...(governor === null ? [] : setGovernor(preparing, governor)),
    ...(turbo === null ? [] : [setTurbo(preparing, turbo)]),
    ...(idleLatencyUs === null ? [] : [holdIdleLatency(preparing, idleLatencyUs)]),
    ...(ksm === null ? [] : [setKsm(preparing, ksm)]),
    ...(transparentHugepages === null ? [] : [setTransparentHugepages(preparing, transparentHugepages)]),
    ...(irqbalance === null ? [] : [await setIrqbalance(preparing, irqbalance)]),
  ];
}

/**
 * Sets the host as an experiment asks. What the machine lacks or refuses is in the result, not thrown. Each old value is in the ledger before
 * the new one is written, so `clean` puts it back where this process is killed.
 * Disposing throws TapbenchError `LAB_FAILED` where something does not go back.
 */
export async function prepareHost({ spec, ledger, root = '/' }: PrepareHostOptions): Promise<PreparedHost> {
  const left: string[] = [];
  await using changed = new AsyncDisposableStack();
  const settings = await apply({ root, ledger, changed, left }, spec);
  const kept = changed.move();
  return {
    settings,
    left,
    [Symbol.asyncDispose]: async () => {
      await kept.disposeAsync().catch((error: unknown) => {
        const reasons = errorsInOrder(error).map((one) => (one instanceof Error ? one.message : String(one)));
        throw new TapbenchError('LAB_FAILED', `the host is not as it was: ${reasons.join('; ')}`, {
          cause: error,
          hint: 'when tapbench has ended, try again with: tapbench clean',
        });
      });
    },
  };
}
