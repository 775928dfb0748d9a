import type { Configuration, VmmSpec } from '../record/experiment.ts';
import type { ThreadRole } from '../record/probe-readings.ts';

/** Everything a VMM needs to know to boot one guest. */
export interface BootSpec {
  readonly configuration: Configuration;
  /** What `auto` became. */
  readonly accel: 'kvm' | 'tcg';
  /** Frequency of the host's time stamp counter, kHz; null where unknown. */
  readonly tscKhz: number | null;
  readonly binary: string;
  /** Unique name of the guest, for the VMM's own naming. */
  readonly name: string;
  /** bzImage, and the ELF image of the same kernel for VMMs that boot it (null for a user's own kernel that is not ELF). */
  readonly kernel: { readonly bzImage: string | null; readonly elf: string | null };
  readonly initrd: string;
  /** Kernel arguments that the guest's init reads (address, MTU, ...). */
  readonly guestArguments: readonly string[];
  readonly tap: { readonly device: string; readonly mac: string };
  /** Folder for the files and sockets of the VMM. */
  readonly folder: string;
}

export interface VmmCommand {
  readonly argv: readonly string[];
  /** Files to write before the start: absolute path to text. */
  readonly files: Readonly<Record<string, string>>;
}

export interface VmmCapabilities {
  readonly accelerators: readonly ('kvm' | 'tcg')[];
  /** `elf`: boots the extracted vmlinux; `bzImage`: boots the distribution's image. */
  readonly kernelFormats: readonly ('bzImage' | 'elf')[];
}

/** One VMM. Pure: it starts nothing; the lab runs what `command` gives, with the guest's serial console on stdin and stdout. */
export interface VmmDriver {
  readonly kind: VmmSpec['kind'];
  /** Names of its binary, in the order in which they are looked for. */
  readonly binaryNames: readonly string[];
  /** Debian package that brings it; null where none does. */
  readonly debianPackage: string | null;
  readonly versionArguments: readonly string[];
  /** @throws ParseError */
  parseVersion(output: string): string;
  readonly capabilities: VmmCapabilities;
  command(spec: BootSpec): VmmCommand;
  /** `isMain`: the thread whose tid is the process id. */
  threadRole(name: string, isMain: boolean): ThreadRole;
}
