import { run } from '../../lab/process.ts';
import { firstComplaint } from '../../record/complaint.ts';
import type { MachineFiles } from '../machine-files.ts';
import { moduleMend } from './module-mend.ts';
import { type Requirement, requirement } from './requirement.ts';

const deadlineMs = 10_000;

type NetworkStep = 'namespace' | 'tap' | 'veth' | 'bridge' | 'netem';

/**
 * What the lab does, tried in a network namespace that ends with the shell: nothing of it is ever seen outside.
 * Of each step a line with its name and how it ended, then what was said.
 */
const trial = `
try() { step=$1; shift; if said=$("$@" 2>&1); then echo "== $step ok"; else echo "== $step failed"; echo "$said"; fi; }
echo '== namespace ok'
try tap ip tuntap add dev probe0 mode tap vnet_hdr
try veth ip link add probe1 type veth peer name probe2
try bridge ip link add probe3 type bridge
try netem tc qdisc add dev lo root netem delay 1ms
`;

/** Makes what trials are made of, in a namespace that is gone at once. What each step gave: null where it succeeded, else the reason. */
export async function tryNetwork(): Promise<(step: NetworkStep) => string | null> {
  const result = await run(['unshare', '--net', 'sh', '-c', trial], { deadlineMs, acceptsFailure: true }).catch(
    (cause: unknown) => ({ stdout: '', stderr: String(cause) }),
  );
  const steps = result.stdout.split(/^== /m);
  return (step) => {
    const text = steps.find((one) => one.startsWith(`${step} `)) ?? result.stderr;
    if (text.startsWith(`${step} ok`)) return null;
    const said = firstComplaint(text.replace(/^\w+ failed\n/, '')) ?? 'it failed without a word';
    const absent = /(\w+): not found$/.exec(said)?.[1];
    return absent === undefined ? said : `not tried: ${absent} is missing`;
  };
}

interface Step {
  readonly step: NetworkStep;
  readonly name: string;
  readonly good: string;
  readonly meaning: string;
  /** Of the kernel; null: it is in every kernel. */
  readonly module: string | null;
  readonly isVital: boolean;
}

const steps: readonly Step[] = [
  {
    step: 'namespace',
    name: 'network namespaces',
    good: 'one was made',
    meaning: 'every trial lives in namespaces of its own',
    module: null,
    isVital: true,
  },
  {
    step: 'tap',
    name: 'tap devices',
    good: 'one was made and removed, with vnet_hdr',
    meaning: 'the measured path of every guest',
    module: 'tun',
    isVital: true,
  },
  {
    step: 'veth',
    name: 'veth pairs',
    good: 'one was made and removed',
    meaning: 'the host-to-host baseline needs them',
    module: 'veth',
    isVital: false,
  },
  {
    step: 'bridge',
    name: 'bridges',
    good: 'one was made and removed',
    meaning: 'vm-to-vm needs them',
    module: 'bridge',
    isVital: false,
  },
  {
    step: 'netem',
    name: 'netem',
    good: 'was set and removed',
    meaning: 'paths with delay or loss need it',
    module: 'sch_netem',
    isVital: false,
  },
];

function congestionControl(files: MachineFiles): Requirement {
  const used = files.text('/proc/sys/net/ipv4/tcp_congestion_control');
  const available = files.text('/proc/sys/net/ipv4/tcp_available_congestion_control');
  return requirement({
    name: 'congestion control',
    isOk: used !== null,
    what: `${used ?? 'unknown'}, of ${available ?? 'unknown'}`,
    meaning: 'iperf3 uses what the kernel of each end uses: compare only runs with the same',
    isVital: false,
  });
}

/** The network side of the lab, tried for real. */
export async function checkNetwork(files: MachineFiles): Promise<Requirement[]> {
  const reasonOf = await tryNetwork();
  const tried = steps.map(({ step, good, module, ...rest }) => {
    const reason = reasonOf(step);
    const isTried = reason === null || !reason.startsWith('not tried');
    const mend = module === null || !isTried ? null : moduleMend(files, [module]);
    return requirement({ ...rest, mend, isOk: reason === null, what: reason ?? good });
  });
  return [...tried, congestionControl(files)];
}
