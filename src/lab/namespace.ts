import { closeSync, openSync, readlinkSync, readSync } from 'node:fs';
import { firstComplaint } from '../record/complaint.ts';
import { TapbenchError } from '../record/error.ts';
import { isNamespaceThere, removeNamespaces } from './clean.ts';
import type { Endpoint, RunningCommand } from './endpoint.ts';
import type { Ledger } from './ledger.ts';
import { type ProcessResult, run, type StartedProcess, type StartOptions, start } from './process.ts';
import { waitFor } from './wait.ts';

const deadlineMs = 10_000;

/** A network namespace that is to be made. */
export interface NewNamespace {
  /** What `ip netns` calls it. */
  readonly netns: string;
  /** Lines for `ip -batch`, run inside it after the loopback device came up. */
  readonly batch: readonly string[];
}

/** Several that are made at once. */
export interface NewNamespaces {
  readonly namespaces: readonly NewNamespace[];
  /** Lines for `ip -batch` that make what joins them, once all are there. */
  readonly joins: readonly string[];
  /** For temporary files of the tools that run in them. */
  readonly temporaryFolder: string;
}

/** Processes that furnish at a time: each waits for the kernel most of its time. */
const furnishedAtOnce = 16;

/** The counters of all devices of one namespace, while it lives and without a process in it. */
class DeviceCounters {
  readonly #descriptor: number;
  #buffer: Buffer = Buffer.alloc(4_096);

  /** @param pid of a process that is in the namespace now: what was opened stays its namespace's */
  constructor(pid: number) {
    this.#descriptor = openSync(`/proc/${String(pid)}/net/dev`, 'r');
  }

  /** Text of /proc/net/dev (proc_pid_net(5)). */
  read(): string {
    let length = 0;
    for (;;) {
      if (length === this.#buffer.length) this.#buffer = Buffer.concat([this.#buffer], 2 * length);
      // The kernel gives a page at most (seq_read_iter of fs/seq_file.c), and nothing at the end.
      const bytes = readSync(this.#descriptor, this.#buffer, length, this.#buffer.length - length, length);
      if (bytes === 0) return this.#buffer.toString('latin1', 0, length);
      length += bytes;
    }
  }

  /** An open file keeps the namespace. */
  close(): void {
    closeSync(this.#descriptor);
  }
}

/** The network namespace that a process is in, as the kernel names it; null where it is gone. */
function namespaceOf(pid: number | 'self'): string | null {
  try {
    return readlinkSync(`/proc/${String(pid)}/ns/net`);
  } catch {
    return null;
  }
}

/** Makes what is in a namespace, and itself where it is not there. The process that does it shows where its counters are. */
async function furnish({ netns, batch }: NewNamespace, isThere: boolean): Promise<DeviceCounters> {
  const inside = ['ip', '-netns', netns, '-batch', '-'];
  const making = ['sh', '-c', 'ip netns add "$0" && exec "$@"', netns, ...inside];
  // It ends with its input, and so with us.
  const ip = await start(isThere ? inside : making, { stdin: 'pipe', diesWithUs: !isThere });
  ip.stdin?.write(['link set dev lo up', ...batch, ''].join('\n'));
  const ours = namespaceOf('self');
  const isInside = await waitFor(
    () => {
      if (ip.hasEnded) return false;
      const theirs = namespaceOf(ip.pid);
      return theirs === null || theirs === ours ? null : true;
    },
    { deadlineMs, intervalMs: 1 },
  );
  const counters = isInside === true ? new DeviceCounters(ip.pid) : null;
  ip.stdin?.end();
  const late = setTimeout(() => void ip.stop(), deadlineMs);
  const { exitStatus, stderr } = await ip.ended;
  clearTimeout(late);
  if (counters !== null && exitStatus === 0) return counters;
  counters?.close();
  throw new TapbenchError('PROCESS_FAILED', `ip -batch in ${netns}: ${firstComplaint(stderr) ?? 'it said nothing'}`);
}

/** A network namespace that this run made, as an endpoint. It goes with those that it was made with. */
export class Namespace implements Endpoint {
  readonly kind = 'namespace';
  readonly name: string;
  readonly #temporaryFolder: string;
  #counters: DeviceCounters | null = null;

  constructor(name: string, temporaryFolder: string) {
    this.name = name;
    this.#temporaryFolder = temporaryFolder;
  }

  /** @param isThere whether it was made, and lacks only what is in it */
  async furnish(plan: NewNamespace, isThere: boolean): Promise<void> {
    this.#counters = await furnish(plan, isThere);
  }

  /** Closes its counters, which would keep it. */
  forget(): void {
    this.#counters?.close();
    this.#counters = null;
  }

  /** Counters of its devices as they are now: text of /proc/net/dev. */
  deviceCounters(): string {
    if (this.#counters === null) throw new TapbenchError('PROBE_FAILED', `the namespace ${this.name} is gone`);
    return this.#counters.read();
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

  /** A server or client of a workload. One that is killed may leave a temporary file: iperf3 makes one for each stream, and removes it at once. */
  async spawnTool(argv: readonly string[], options: StartOptions = {}): Promise<StartedProcess> {
    return await this.spawn(argv, { ...options, env: { TMPDIR: this.#temporaryFolder, ...options.env } });
  }

  async start(argv: readonly string[]): Promise<RunningCommand> {
    const child = await this.spawn(argv);
    return { pid: child.pid, ended: child.ended, stop: async () => await child.stop() };
  }
}

/** Those of one world. Disposing removes them with every process in them. */
export class Namespaces implements AsyncDisposable {
  readonly all: readonly Namespace[];
  readonly #settle: ReadonlyMap<string, () => void>;

  private constructor(ledger: Ledger, { namespaces, temporaryFolder }: NewNamespaces) {
    this.all = namespaces.map(({ netns }) => new Namespace(netns, temporaryFolder));
    this.#settle = new Map(namespaces.map(({ netns: name }) => [name, ledger.note({ kind: 'namespace', name })]));
  }

  /**
   * Makes all of them, or none.
   * @throws TapbenchError `LAB_FAILED`
   */
  static async create(ledger: Ledger, wanted: NewNamespaces): Promise<Namespaces> {
    await using made = new AsyncDisposableStack();
    const namespaces = made.use(new Namespaces(ledger, wanted));
    try {
      await namespaces.#make(wanted);
    } catch (cause) {
      const said = cause instanceof Error ? cause.message : String(cause);
      throw new TapbenchError('LAB_FAILED', `the network of the trial can't be made: ${said}`, {
        cause,
        hint: 'see what is missing with: tapbench doctor',
      });
    }
    made.move();
    return namespaces;
  }

  /** A process takes some ms: one makes a single namespace and all that is in it; of several one makes all, and one each what is in it. */
  async #make({ namespaces, joins }: NewNamespaces): Promise<void> {
    const isAlone = namespaces.length === 1 && joins.length === 0;
    const lines = [...namespaces.map(({ netns }) => `netns add ${netns}`), ...joins, ''];
    if (!isAlone) await run(['ip', '-batch', '-'], { deadlineMs, input: lines.join('\n') });
    const waiting = namespaces.entries();
    const furnishNext = async (): Promise<void> => {
      for (const [index, plan] of waiting) await this.all[index]?.furnish(plan, !isAlone);
    };
    const outcomes = await Promise.allSettled(Array.from({ length: furnishedAtOnce }, furnishNext));
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const namespace of this.all) namespace.forget();
    try {
      await removeNamespaces(this.all.map(({ name }) => name));
    } finally {
      for (const [name, settle] of this.#settle) if (!isNamespaceThere(name)) settle();
    }
  }
}
