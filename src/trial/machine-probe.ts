import { ThreadCpuProbe, type ThreadCpuSnapshot } from '../probe/thread-cpu.ts';
import { vhostWorkers } from '../probe/vhost-workers.ts';
import { type OutputLengths, VmmOutputProbe } from '../probe/vmm-output.ts';
import { refusalOf, type TapbenchError } from '../record/error.ts';
import type { ThreadCpu, VmmErrors } from '../record/probe-readings.ts';
import { threadRoles } from '../vmm/thread-role.ts';
import type { Machine } from '../world/boot.ts';

/** What is read of one machine at an edge. */
export interface MachineSnapshot {
  readonly threads: ThreadCpuSnapshot;
  readonly consoleBytes: number;
  readonly vmmOutput: OutputLengths;
}

/** What was read of one machine over the window. */
export interface MachineReading {
  readonly threads: ThreadCpu[];
  readonly consoleBytes: number;
  /** Why they can't be had, where the files of its output could not be read. */
  readonly vmmErrors: VmmErrors | TapbenchError;
}

/** A process of the host that is a VMM's own. */
export interface VmmProcess {
  readonly pid: number;
  readonly name: string;
}

/** The probes of one machine: the threads of its VMM, its console, what the VMM says went wrong. */
export class MachineProbe {
  readonly #machine: Machine;
  readonly #threads: ThreadCpuProbe;
  readonly #vmmOutput: VmmOutputProbe;
  /** The VMM, and its workers in the kernel. @see vhostWorkers */
  readonly processes: readonly VmmProcess[];

  constructor(machine: Machine) {
    const { pid } = machine.vmm;
    const workers = vhostWorkers(pid);
    this.#machine = machine;
    const roleOf = threadRoles(machine.bootable.driver);
    this.#threads = new ThreadCpuProbe({ pid, roleOf, workers: workers.map(({ tid }) => tid) });
    this.#vmmOutput = new VmmOutputProbe(machine.output);
    this.processes = [{ name: 'VMM', pid }, ...workers.map(({ tid, name }) => ({ name, pid: tid }))];
  }

  /** @throws TapbenchError `PROBE_FAILED` where the VMM is gone */
  async snapshot(): Promise<MachineSnapshot> {
    return {
      threads: await this.#threads.snapshot(),
      consoleBytes: this.#machine.guest.channel.consoleBytes,
      vmmOutput: await this.#vmmOutput.snapshot(),
    };
  }

  difference(opening: MachineSnapshot, closing: MachineSnapshot): MachineReading {
    return {
      threads: [...this.#threads.difference(opening.threads, closing.threads).threads],
      consoleBytes: closing.consoleBytes - opening.consoleBytes,
      vmmErrors: this.#vmmErrors(opening, closing),
    };
  }

  /** Output that can't be read costs the errors in it, not the window. */
  #vmmErrors(opening: MachineSnapshot, closing: MachineSnapshot): VmmErrors | TapbenchError {
    try {
      return this.#vmmOutput.difference(opening.vmmOutput, closing.vmmOutput);
    } catch (error) {
      return refusalOf(error);
    }
  }
}
