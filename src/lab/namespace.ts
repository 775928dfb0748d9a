import { TapbenchError } from '../record/error.ts';
import { removeNamespace } from './clean.ts';
import type { Endpoint, RunningCommand } from './endpoint.ts';
import type { Ledger } from './ledger.ts';
import { type ProcessResult, run, type StartedProcess, type StartOptions, start } from './process.ts';

const deadlineMs = 10_000;

/** A network namespace that this run made, as an endpoint. Disposing removes it with every process in it. */
export class Namespace implements Endpoint {
  readonly kind = 'namespace';
  readonly name: string;
  readonly address: string;
  readonly #settle: () => void;

  private constructor(name: string, address: string, settle: () => void) {
    this.name = name;
    this.address = address;
    this.#settle = settle;
  }

  /**
   * @param batch lines for `ip -batch`, run inside it after the loopback device came up
   * @throws TapbenchError `LAB_FAILED`
   */
  static async create(options: {
    ledger: Ledger;
    name: string;
    address: string;
    batch: readonly string[];
  }): Promise<Namespace> {
    const { ledger, name, address, batch } = options;
    const settle = ledger.note({ kind: 'namespace', name });
    const namespace = new Namespace(name, address, settle);
    try {
      const input = ['link set dev lo up', ...batch, ''].join('\n');
      // One process of ours for both: each takes some ms from the start of the VMM.
      await run(['sh', '-c', 'ip netns add "$0" && exec ip -netns "$0" -batch -', name], { deadlineMs, input });
    } catch (cause) {
      await namespace[Symbol.asyncDispose]();
      const said = cause instanceof Error ? cause.message : String(cause);
      throw new TapbenchError('LAB_FAILED', `the network of the trial can't be made: ${said}`, {
        cause,
        hint: 'see what is missing with: tapbench doctor',
      });
    }
    return namespace;
  }

  /** The command with what puts it into the namespace. */
  #inside(argv: readonly string[]): string[] {
    return ['ip', 'netns', 'exec', this.name, ...argv];
  }

  async run(argv: readonly string[], limitMs: number): Promise<ProcessResult> {
    return await run(this.#inside(argv), { deadlineMs: limitMs, acceptsFailure: true });
  }

  /** Starts a process inside, in our session; `ip netns exec` becomes the program, so its pid is the program's. */
  async spawn(argv: readonly string[], options: StartOptions = {}): Promise<StartedProcess> {
    return await start(this.#inside(argv), { ...options, session: 'ours' });
  }

  async start(argv: readonly string[]): Promise<RunningCommand> {
    const child = await this.spawn(argv);
    return { pid: child.pid, ended: child.ended, stop: async () => await child.stop() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await removeNamespace(this.name);
    this.#settle();
  }
}
