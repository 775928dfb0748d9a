import { run } from '../../lab/process.ts';
import type { MachineFiles } from '../machine-files.ts';
import { type Requirement, requirement } from './requirement.ts';

const deadlineMs = 10_000;

/**
 * What the lab does, tried in a network namespace that ends with the shell: nothing of it is ever seen outside.
 * One line a step: its name, and what was said if it failed.
 */
const trial = `
try() { step=$1; shift; if said=$("$@" 2>&1); then echo "$step ok"; else echo "$step $(echo "$said" | tail -n 1)"; fi; }
echo "namespace ok"
try tap ip tuntap add dev probe0 mode tap vnet_hdr
try veth ip link add probe1 type veth peer name probe2
try bridge ip link add probe3 type bridge
try netem tc qdisc add dev lo root netem delay 1ms
`;

/** What each step gave: null where it succeeded, else the reason. */
async function tryNetwork(): Promise<(step: string) => string | null> {
  const result = await run(['unshare', '--net', 'sh', '-c', trial], { deadlineMs, acceptsFailure: true }).catch(
    (cause: unknown) => ({ stdout: '', stderr: String(cause) }),
  );
  const lines = result.stdout.split('\n');
  const whole = result.stderr.trim().split('\n').at(-1) ?? '';
  return (step) => {
    const said = lines.find((line) => line.startsWith(`${step} `))?.slice(step.length + 1) ?? whole;
    if (said === 'ok') return null;
    const absent = /(\w+): not found$/.exec(said)?.[1];
    return absent === undefined ? said || 'not tried' : `not tried: ${absent} is missing`;
  };
}

interface Step {
  readonly step: string;
  readonly name: string;
  readonly good: string;
  readonly meaning: string;
  readonly mend: string | null;
  readonly isVital: boolean;
}

const steps: readonly Step[] = [
  {
    step: 'namespace',
    name: 'network namespaces',
    good: 'one was made',
    meaning: 'every trial lives in namespaces of its own',
    mend: null,
    isVital: true,
  },
  {
    step: 'tap',
    name: 'tap devices',
    good: 'one was made and removed, with vnet_hdr',
    meaning: 'the measured path of every guest',
    mend: 'modprobe tun',
    isVital: true,
  },
  {
    step: 'veth',
    name: 'veth pairs',
    good: 'one was made and removed',
    meaning: 'the host-to-host baseline needs them',
    mend: 'modprobe veth',
    isVital: false,
  },
  {
    step: 'bridge',
    name: 'bridges',
    good: 'one was made and removed',
    meaning: 'vm-to-vm needs them',
    mend: 'modprobe bridge',
    isVital: false,
  },
  {
    step: 'netem',
    name: 'netem',
    good: 'was set and removed',
    meaning: 'paths with delay or loss need it',
    mend: 'modprobe sch_netem',
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
  const tried = steps.map(({ step, good, ...rest }) => {
    const reason = reasonOf(step);
    const mend = reason?.startsWith('not tried') === true ? null : rest.mend;
    return requirement({ ...rest, mend, isOk: reason === null, what: reason ?? good });
  });
  return [...tried, congestionControl(files)];
}
