import type { NoteCommand } from '../command/command.ts';

/** What the command line of a VMM says of the configuration. null: it does not say. */
export interface VmmSaid {
  readonly kind: 'qemu' | 'firecracker' | 'cloud-hypervisor';
  readonly accel: 'kvm' | 'tcg' | null;
  /** QEMU's, without its version: `q35`, `microvm`. */
  readonly machine: string | null;
  readonly vcpus: number | null;
  readonly memoryBytes: number | null;
  readonly vhost: boolean | null;
  readonly queues: number | null;
  readonly mtu: number | null;
}

const mebi = 1024 ** 2;
const units: Readonly<Record<string, number>> = { k: 1024, m: mebi, g: 1024 ** 3, t: 1024 ** 4 };

/** A size with a prefix (`512M`, `2G`), or a number of `unit`. */
function size(text: string | null | undefined, unit: number): number | null {
  const [, digits = '', prefix = ''] = /^(\d{1,9}(?:\.\d{1,3})?)([kmgt]?)i?b?$/i.exec(text ?? '') ?? [];
  if (digits === '') return null;
  const bytes = Math.round(Number(digits) * (units[prefix.toLowerCase()] ?? unit));
  return bytes > 0 && Number.isSafeInteger(bytes) ? bytes : null;
}

function whole(text: string | null | undefined): number | null {
  const value = /^\d{1,6}$/.test(text ?? '') ? Number(text) : 0;
  return value > 0 ? value : null;
}

/** The words behind each use of an option, however it is spelt: `-m 1`, `--m=1`. */
function valuesOf(argv: readonly string[], names: readonly string[]): string[] {
  return argv.flatMap((word, place) => {
    const [, name = '', , inline] = /^--?([A-Za-z][\w-]*)(=(.*))?$/s.exec(word) ?? [];
    if (!names.includes(name)) return [];
    return inline === undefined ? (argv[place + 1] ?? []) : [inline];
  });
}

/** `tap,id=n0,vhost=on`: the value of a key; the first word has the key ''. */
function fieldOf(list: string | undefined, key: string): string | null {
  for (const part of list?.split(',') ?? []) {
    const at = part.indexOf('=');
    if ((at < 0 ? '' : part.slice(0, at)) === key) return part.slice(at + 1);
  }
  return null;
}

function onOff(text: string | null): boolean | null {
  if (text === null) return null;
  return /^(?:on|yes|true)$/.test(text) ? true : /^(?:off|no|false)$/.test(text) ? false : null;
}

function qemuAccel(argv: readonly string[], machine: string | undefined): VmmSaid['accel'] {
  const named = fieldOf(machine, 'accel') ?? valuesOf(argv, ['accel'])[0]?.split(',')[0] ?? null;
  const first = named?.split(':')[0];
  if (first === 'kvm' || first === 'tcg') return first;
  return argv.some((word) => /^--?enable-kvm$/.test(word)) ? 'kvm' : null;
}

/** `pc-q35-7.2` is `q35`. */
function machineName(machine: string | undefined): string | null {
  const name = fieldOf(machine, '') ?? fieldOf(machine, 'type');
  return name === null ? null : (/(q35|microvm|i440fx|virt|^pc$)/.exec(name)?.[1] ?? name.slice(0, 30));
}

function qemu({ argv }: NoteCommand): VmmSaid {
  const [machine] = valuesOf(argv, ['machine', 'M']);
  const nets = valuesOf(argv, ['netdev', 'net', 'nic']);
  const net = nets.find((each) => fieldOf(each, '') === 'tap' || fieldOf(each, 'vhost') !== null) ?? nets[0];
  const cards = valuesOf(argv, ['device']).filter((each) => each.startsWith('virtio-net'));
  const [memory] = valuesOf(argv, ['m']);
  const [cpus] = valuesOf(argv, ['smp']);
  return {
    kind: 'qemu',
    accel: qemuAccel(argv, machine),
    machine: machineName(machine),
    vcpus: whole(fieldOf(cpus, 'cpus') ?? fieldOf(cpus, '')),
    memoryBytes: size(fieldOf(memory, 'size') ?? fieldOf(memory, ''), mebi),
    vhost: onOff(fieldOf(net, 'vhost')),
    queues: whole(fieldOf(net, 'queues')),
    mtu: whole(fieldOf(cards[0], 'host_mtu')),
  };
}

/** Cloud Hypervisor counts receive and transmit queues: two a pair. */
function cloudHypervisor({ argv }: NoteCommand): VmmSaid {
  const [net] = valuesOf(argv, ['net']);
  const [memory] = valuesOf(argv, ['memory']);
  const [cpus] = valuesOf(argv, ['cpus']);
  const queues = whole(fieldOf(net, 'num_queues'));
  return {
    kind: 'cloud-hypervisor',
    accel: 'kvm',
    machine: null,
    vcpus: whole(fieldOf(cpus, 'boot')),
    memoryBytes: size(fieldOf(memory, 'size'), 1),
    vhost: null,
    queues: queues === null || queues % 2 === 1 ? null : queues / 2,
    mtu: whole(fieldOf(net, 'mtu')),
  };
}

const nothing = { machine: null, vcpus: null, memoryBytes: null, vhost: null, queues: null, mtu: null } as const;

/** @returns null where the command starts no VMM */
export function vmmSaid(command: NoteCommand): VmmSaid | null {
  const { program, argv } = command;
  if (/^(?:qemu-system-[\w-]+|qemu-kvm|kvm)$/.test(program)) return argv.length > 2 ? qemu(command) : null;
  if (program === 'cloud-hypervisor') return cloudHypervisor(command);
  // Its settings are in a file or come over its socket.
  if (program === 'firecracker' || program === 'jailer') return { kind: 'firecracker', accel: 'kvm', ...nothing };
  return null;
}
