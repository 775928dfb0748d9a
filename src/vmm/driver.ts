import type { z } from 'zod';
import type { AddressRegion } from '../record/address-region.ts';
import type { ApiRequest, CounterSource } from '../record/counter-source.ts';
import type { Configuration, VmmOptions } from '../record/experiment.ts';
import type { ThreadRole } from '../record/probe-readings.ts';
import type { PathFacts } from '../record/trial.ts';

/** Everything a VMM needs to know to boot one guest. */
export interface BootSpec {
  readonly configuration: Configuration;
  /** What `auto` became. */
  readonly accel: 'kvm' | 'tcg';
  /** KVM on this host is of the kind PVM, which has no hardware virtualization to rely on. */
  readonly isPvm: boolean;
  /** Frequency of the host's time stamp counter, kHz; null where unknown. */
  readonly tscKhz: number | null;
  readonly binary: string;
  /** As `parseVersion` gave it. */
  readonly version: string;
  /** Unique name of the guest, for the VMM's own naming. */
  readonly name: string;
  /** bzImage, and the ELF image of the same kernel for VMMs that boot it (null for a user's own kernel that is not ELF). */
  readonly kernel: { readonly bzImage: string | null; readonly elf: string | null };
  readonly initrd: string;
  /** An image that the guest gets as a block device which it can only read; null: it has no disk. */
  readonly disk: string | null;
  /** Kernel arguments that the guest's init reads (address, MTU, ...). */
  readonly guestArguments: readonly string[];
  readonly tap: { readonly device: string; readonly mac: string };
  /** The user of its own that it gets, whom the tap belongs to; null: it runs as tapbench itself does. */
  readonly userId: number | null;
  /** Folder for the files of the VMM, kept with the trial. */
  readonly folder: string;
  /** Folder for its sockets and what need not be kept: short, as the path of a Unix socket has at most 107 bytes. */
  readonly runtimeFolder: string;
  /** Folder on a disk for a VMM that makes its own root: unlike `runtimeFolder`, programs and device nodes work there. Not there yet; removed after the boot. */
  readonly jailFolder: string;
}

/** A file that argv names. */
export interface ReadFile {
  readonly path: string;
  /** The word of argv that names it, by whatever name it is given. */
  readonly word: (name: string) => string;
}

export interface VmmCommand {
  readonly argv: readonly string[];
  /** Files to write before the start: absolute path to text. */
  readonly files: Readonly<Record<string, string>>;
  /** Files to be there before the start under another name: absolute path to the existing file. */
  readonly links: Readonly<Record<string, string>>;
  /** Files which it reads: the lab hands them over open where the user that it is given could not reach them. */
  readonly reads?: readonly ReadFile[];
  /** Whom `files` and copies of `links` belong to; absent: to us. */
  readonly owner?: number;
  /** Files that it writes elsewhere than in the trial's folder and that are kept there with the trial; absent: none. */
  readonly kept?: readonly string[];
  /** The file that it logs into, as the host names it; null: it has none beside its stderr. */
  readonly log: string | null;
  /** Unix socket on which the VMM listens, once it runs, with the guest's serial console behind it; absent: the console is on stdin and stdout. */
  readonly consoleSocket?: string;
  readonly counters: CounterSource | null;
  /** What asks the VMM to end by itself; null: it is ended by a signal. */
  readonly powerOff: ApiRequest | null;
}

export interface VmmCapabilities {
  readonly accelerators: readonly ('kvm' | 'tcg')[];
  /** `elf`: boots the extracted vmlinux; `bzImage`: boots the distribution's image. */
  readonly kernelFormats: readonly ('bzImage' | 'elf')[];
}

/** One choice that only this VMM has: `vmm.options.NAME` of an experiment. */
export interface VmmOption {
  readonly value: z.ZodType<string | number | boolean>;
  readonly byDefault: string | number | boolean;
  /** One sentence for the documentation. */
  readonly about: string;
}

/** Why a configuration can't be: the field of the experiment and what it must be instead. */
export interface Refusal {
  /** Dotted, as in the experiment: `nic.vhost`. */
  readonly field: string;
  readonly message: string;
}

/** What a configuration needs of the host and of the VMM's binary. */
export interface HostNeed {
  /** `device`: can be opened; `program`: is in the folder of the VMM's binary; `static-build`: that binary needs no libraries. */
  readonly kind: 'device' | 'program' | 'static-build';
  /** `/dev/vhost-net`, or the name of the program; what is said of a build. */
  readonly name: string;
  /** Field of the experiment that asks for it. */
  readonly field: string;
  readonly mend: string;
}

/** Where a VMM says what goes wrong. */
export type VmmOutput = 'stderr' | 'log';

/** How a VMM comes to a user of its own. */
export interface OwnUserNeeds {
  /** `lab`: it is started as that user; `itself`: it is started as tapbench runs, and changes to the user of `BootSpec` itself. */
  readonly by: 'lab' | 'itself';
  /** Devices of the host that it opens, to which the lab lets it. */
  readonly devices: readonly string[];
}

/** What one system call does in the data path of this VMM. */
export interface CallMeaning {
  readonly role: ThreadRole;
  readonly call: string;
  /** Request of an ioctl, or null. */
  readonly request: string | null;
  /** `tap-read`, ...: the step of the way of a packet. */
  readonly step: 'tap-read' | 'tap-write' | 'interrupt' | 'notification' | 'wake-up' | 'guest-entry' | 'other';
  /** One sentence. */
  readonly meaning: string;
  /** The file of the VMM's source that it was read in, with the version. */
  readonly source: string;
}

/** The counts of a VMM's calls that were seen before: a change in them is a change of the VMM's data path. */
export interface KnownFingerprint {
  readonly accel: 'kvm' | 'tcg';
  readonly vhost: boolean;
  /** First version that it is true of, and the first after these that it is not; null: none such is known. */
  readonly versions: { readonly from: string | null; readonly before: string | null };
  /** Options of the VMM that it is true of; others may be anything. */
  readonly options: VmmOptions;
  readonly unit: 'round trip' | '64 KiB';
  /** Calls a unit by `ROLE CALL [REQUEST]`, those that come to a whole number. */
  readonly calls: Readonly<Record<string, number>>;
  /** Those that come in fractions, by the same names: how often depends on the machine's speed. */
  readonly otherCalls: readonly string[];
  /** Versions and host it was measured with. */
  readonly measuredWith: string;
}

/**
 * One VMM. Pure: it starts nothing; the lab runs what `command` gives. It names no other VMM, and nothing but `drivers.ts` names it.
 */
export interface VmmDriver {
  /** Its name in experiments. */
  readonly kind: string;
  /** Names of its binary, in the order in which they are looked for. */
  readonly binaryNames: readonly string[];
  /** Debian package that brings it; null where none does. */
  readonly debianPackage: string | null;
  readonly versionArguments: readonly string[];
  /** @throws ParseError */
  parseVersion(output: string): string;
  /** Why this version can't be driven or, where a configuration is given, can't do what it asks for; null where it can. */
  refusesVersion(version: string, configuration?: Configuration): string | null;
  readonly capabilities: VmmCapabilities;
  /** What a VMM takes of the host's memory beside that of its guest, bytes: measured, or its specification's word; 0: not known. */
  readonly overheadBytes: number;
  readonly options: Readonly<Record<string, VmmOption>>;
  /** What of a configuration it can't do, on any host. `accel`: what `auto` became; null where it isn't known yet. */
  refusals(configuration: Configuration, accel: 'kvm' | 'tcg' | null): readonly Refusal[];
  /** What it needs of the host beside its binary. */
  needs(configuration: Configuration): readonly HostNeed[];
  /** What it takes to run as a user of its own; null: it can't. `accel`: what `auto` may become. */
  ownUser(configuration: Configuration, accel: 'kvm' | 'tcg'): OwnUserNeeds | null;
  command(spec: BootSpec): VmmCommand;
  /** Whether a line of what it writes says that something went wrong: an error by its own severities, no warning. */
  isError(line: string, output: VmmOutput): boolean;
  /** The role that a thread's name tells; null where it is no name of this VMM's. */
  threadRole(name: string): ThreadRole | null;
  /** Who takes the guest's notification of a filled queue. */
  notification(configuration: Configuration, accel: 'kvm' | 'tcg'): PathFacts['notification'];
  /** Where the devices of its machine are, for the names of accesses; what it does not fix is left out. */
  addressRegions(configuration: Configuration, version: string): readonly AddressRegion[];
  readonly calls: readonly CallMeaning[];
  readonly fingerprints: readonly KnownFingerprint[];
}
