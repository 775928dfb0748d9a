import type { Ledger } from '../lab/ledger.ts';
import type { OnProgress } from '../lab/progress.ts';
import { type PreparedHost, prepareHost } from '../prepare/prepare-host.ts';
import type { PrepareSpec } from '../record/experiment.ts';
import type { HostSetting } from '../record/trial.ts';

/** The host as the trial under way wants it. It stays so while the next one wants the same, and is put back when one wants it otherwise, and at the end. */
export class HostPreparation implements AsyncDisposable {
  readonly #ledger: Ledger;
  readonly #onProgress: OnProgress;
  #standing: { readonly key: string; readonly host: PreparedHost } | null = null;

  constructor(ledger: Ledger, onProgress: OnProgress) {
    this.#ledger = ledger;
    this.#onProgress = onProgress;
  }

  /** What was set, was so already, or was refused. @throws TapbenchError `LAB_FAILED` where what stood before does not go back */
  async bring(spec: PrepareSpec): Promise<readonly HostSetting[]> {
    const key = JSON.stringify({ ...spec, pin: null });
    if (this.#standing?.key === key) return this.#standing.host.settings;
    await this[Symbol.asyncDispose]();
    const host = await prepareHost({ spec, ledger: this.#ledger });
    this.#standing = { key, host };
    for (const { field, target, wanted, status, reason } of host.settings) {
      if (status !== 'refused' && status !== 'absent') continue;
      this.#onProgress({ kind: 'note', text: `prepare.${field} ${wanted}: ${status} (${target}): ${reason ?? ''}` });
    }
    return host.settings;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const standing = this.#standing;
    this.#standing = null;
    await standing?.host[Symbol.asyncDispose]();
    for (const text of standing?.host.left ?? []) this.#onProgress({ kind: 'note', text });
  }
}
