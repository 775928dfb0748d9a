import { describe, expect, it } from 'vitest';
import { type SampleSide, sampleComparedRun, sampleSide } from '../../test/sample/compared-run.ts';
import { sampleConfiguration, sampleIperf3Spec, samplePrepareSpec } from '../../test/sample/experiment.ts';
import { sampleGuestFacts, samplePathFacts, sampleVmmFacts } from '../../test/sample/guest-facts.ts';
import { sampleHostFacts } from '../../test/sample/host-facts.ts';
import type { Difference } from '../record/comparison.ts';
import type { Configuration } from '../record/experiment.ts';
import type { GuestFacts } from '../record/guest.ts';
import type { HostFacts } from '../record/host.ts';
import type { PathFacts, VmmFacts, WholeTrial } from '../record/trial.ts';
import { differencesOf } from './differences.ts';
import { sideOf } from './side.ts';

interface Change {
  readonly configuration?: Partial<Configuration>;
  readonly boot?: SampleSide['boot'];
}

function sample(name: string, { configuration, boot }: Change): SampleSide {
  const side = sampleSide(name, { configuration: sampleConfiguration({ name, ...configuration }) });
  return boot === undefined ? side : { ...side, boot };
}

/** Differences of b from a, in one run. */
function within(b: Change, a: Change = {}): Difference[] {
  const run = sampleComparedRun([sample('a', a), sample('b', b)]);
  return differencesOf(sideOf(run, 'a', 'a'), sideOf(run, 'b', 'b'));
}

/** Differences of the same configuration between two runs on hosts that differ. */
function between(host: Partial<HostFacts>, before: Partial<HostFacts> = {}): Difference[] {
  const [first, second] = [before, host].map((facts, index) =>
    sampleComparedRun([sampleSide('a')], { runId: `run-${String(index)}`, host: sampleHostFacts(facts) }),
  );
  if (first === undefined || second === undefined) return expect.fail('two runs');
  const differences = differencesOf(sideOf(first, 'a', 'a'), sideOf(second, 'a', 'b'));
  expect(differences.at(-1)).toMatchObject({ kind: 'note', path: 'run.startedAt' });
  return differences.slice(0, -1);
}

function guest(changes: Partial<GuestFacts>): SampleSide['boot'] {
  return (trial) => ({ ...trial, guest: sampleGuestFacts(changes) });
}

function path(changes: Partial<PathFacts>): SampleSide['boot'] {
  return (trial) => ({ ...trial, path: samplePathFacts(changes) });
}

function vmm(changes: Partial<VmmFacts>): SampleSide['boot'] {
  return (trial) => ({ ...trial, vmm: sampleVmmFacts(changes) });
}

/** More than one call can be given. */
const tooManyArguments = 130_000;

const { nic } = sampleGuestFacts();
const withoutMerge = { ...nic, virtioFeatures: nic.virtioFeatures.filter((name) => name !== 'MRG_RXBUF') };

function programs(version: string, name = 'iperf3'): Partial<HostFacts> {
  return { programs: [{ name, path: `/usr/bin/${name}`, version, sha256: 'a1'.repeat(32), package: null }] };
}

it('tells of 8,000 workloads on either side that the other lacks, in time that grows with them', () => {
  const workloads = (side: string) =>
    Array.from({ length: 8_000 }, (_, index) => sampleIperf3Spec({ name: `${side}${String(index)}.x` }));
  const found = within(
    { configuration: { workloads: workloads('b') } },
    { configuration: { workloads: workloads('a') } },
  );
  expect(found.filter(({ meaning }) => meaning === 'not compared: only one side has it')).toHaveLength(16_000);
});

describe('differencesOf', () => {
  it('may be looked for among more features than a call takes arguments', () => {
    const virtioFeatures = Array.from({ length: tooManyArguments }, (_, bit) => `F${String(bit)}`);
    expect(() => Math.max(...virtioFeatures.keys())).toThrow(RangeError);
    const boot = guest({ nic: { ...sampleGuestFacts().nic, virtioFeatures } });
    expect(within({ boot }, { boot })).toEqual([]);
  }, 60_000);

  it('finds none between two configurations that are the same', () => {
    expect(within({})).toEqual([]);
  });

  it('calls a field of the configuration asked, and what the boots show of it a consequence', () => {
    const boot = (trial: WholeTrial) => ({
      ...trial,
      guest: sampleGuestFacts({ nic: { ...nic, mtu: 9000 } }),
      path: samplePathFacts({ mtu: 9000 }),
    });
    expect(within({ configuration: { nic: { ...sampleConfiguration().nic, mtu: 9000 } }, boot })).toEqual([
      { kind: 'asked', path: 'nic.mtu', baseline: '1500', candidate: '9000', meaning: null },
      ...['guest.nic.mtu', 'path.mtu'].map((path) => ({
        kind: 'consequence',
        path,
        baseline: '1500',
        candidate: '9000',
        meaning: 'follows from nic.mtu',
      })),
    ]);
  });

  it.each<readonly [what: string, boot: SampleSide['boot'], path: string, baseline: string, candidate: string]>([
    [
      'a feature that was not negotiated',
      guest({ nic: withoutMerge }),
      'guest.nic.virtioFeatures.MRG_RXBUF',
      'on',
      'off',
    ],
    ['an MTU', guest({ nic: { ...nic, mtu: 1400 } }), 'guest.nic.mtu', '1500', '1400'],
    ['another guest kernel', guest({ kernelRelease: '6.6.1' }), 'guest.kernelRelease', '6.1.0-28-cloud-amd64', '6.6.1'],
    ['a congestion control', guest({ congestionControl: 'bbr' }), 'guest.congestionControl', 'cubic', 'bbr'],
    [
      'a word of the guest command line',
      guest({ kernelCommandLine: 'console=ttyS0 reboot=t panic=-1 mitigations=off' }),
      ...(['guest.kernelCommandLine', 'quiet', 'mitigations=off'] as const),
    ],
    ['emulation', (trial) => ({ ...trial, vmm: sampleVmmFacts({ accel: 'tcg' }) }), 'vmm.accel', 'kvm', 'tcg'],
    ['another VMM', (trial) => ({ ...trial, vmm: sampleVmmFacts({ version: '8.0' }) }), 'vmm.version', '7.2.15', '8.0'],
    ['a qdisc', (trial) => ({ ...trial, path: samplePathFacts({ qdisc: 'fq' }) }), 'path.qdisc', 'fq_codel', 'fq'],
    [
      'what counted the calls',
      (trial) => ({ ...trial, measurements: trial.measurements.map((one) => ({ ...one, systemCalls: null })) }),
      ...(['tracing.iperf3.source', 'bpftrace', 'not traced'] as const),
    ],
    [
      'a pin that was refused',
      (trial) => ({
        ...trial,
        preparation: {
          settings: [],
          pins: [{ role: 'vcpu', name: 'CPU 0', cpus: [2], status: 'refused', reason: 'no' }],
        },
      }),
      ...(['preparation.pins.vcpu', 'none', 'CPU 2 (refused)'] as const),
    ],
  ])('calls %s unfair where nobody asked for it', (_, boot, ...[path, baseline, candidate]) => {
    expect(within({ boot })).toContainEqual(expect.objectContaining({ kind: 'unfair', path, baseline, candidate }));
  });

  it.each<
    readonly [path: string, ours: SampleSide['boot'], theirs: SampleSide['boot'], baseline: string, candidate: string]
  >([
    ['path.queues', path({ queues: 1 }), path({ queues: 2 }), '1', '2'],
    [
      'path.notification',
      path({ notification: 'ioeventfd' }),
      path({ notification: 'vmm-exit' }),
      'ioeventfd',
      'vmm-exit',
    ],
    [
      'guest.nic.queueSizes.rx',
      guest({ nic: { ...nic, queueSizes: { rx: 256, tx: 256 } } }),
      guest({ nic: { ...nic, queueSizes: { rx: 1024, tx: 256 } } }),
      ...(['256', '1024'] as const),
    ],
    ['vmm.isDebugBuild', vmm({ isDebugBuild: false }), vmm({ isDebugBuild: true }), 'off', 'on'],
    [
      'vmm.files',
      vmm({ files: { a: '{\n "rate": 1\n}' } }),
      vmm({ files: { a: '{\n "rate": 2\n}' } }),
      '"rate": 1',
      '"rate": 2',
    ],
  ])(
    'calls %s unfair where both sides could read it, and unknown where one could not',
    (name, ours, ...[theirs, baseline, candidate]) => {
      expect(within({ boot: theirs }, { boot: ours })).toEqual([
        expect.objectContaining({ kind: 'unfair', path: name, baseline, candidate }),
      ]);
      expect(within({ boot: theirs })).toEqual([]);
    },
  );

  it('puts the path before all else of its kind', () => {
    const boot = (trial: WholeTrial) => ({
      ...trial,
      vmm: sampleVmmFacts({ version: '8.0' }),
      path: samplePathFacts({ qdisc: 'fq' }),
    });
    const configuration = {
      nic: { ...sampleConfiguration().nic, mtu: 9000 },
      prepare: samplePrepareSpec({ ksm: true }),
    };
    expect(within({ configuration, boot }).map((one) => `${one.kind} ${one.path}`)).toEqual([
      ...['unfair path.qdisc', 'unfair vmm.version', 'asked nic.mtu', 'asked prepare.ksm'],
    ]);
  });

  it('takes what follows from queues and vhost for asked', () => {
    const configuration = { nic: { ...sampleConfiguration().nic, queues: 2, vhost: true } };
    const features = ['VIRTIO_NET_F_CTRL_VQ', 'VIRTIO_NET_F_MQ'];
    const boot = (trial: WholeTrial) => ({
      ...trial,
      guest: sampleGuestFacts({ nic: { ...nic, queues: 2, virtioFeatures: [...nic.virtioFeatures, ...features] } }),
      path: samplePathFacts({ queues: 2, notification: 'vhost' }),
    });
    const kinds = within({ configuration, boot }, { boot: path({ queues: 1, notification: 'ioeventfd' }) });
    expect(kinds.filter((one) => one.kind === 'unfair')).toEqual([]);
    expect(kinds.filter((one) => one.kind === 'consequence')).toHaveLength(5);
  });

  it('sees that two VMMs negotiated different paths, though another VMM was asked for', () => {
    const binary = { ...sampleConfiguration().vmm, binary: '/opt/other' };
    const boot = (trial: WholeTrial) => ({
      ...trial,
      vmm: sampleVmmFacts({ path: '/opt/other', version: '8.0' }),
      guest: sampleGuestFacts({ nic: withoutMerge }),
    });
    const kinds = within({ configuration: { vmm: binary }, boot }).map(({ kind, path }) => `${kind} ${path}`);
    expect(kinds).toEqual([
      'unfair guest.nic.virtioFeatures.MRG_RXBUF',
      ...['asked vmm.binary', 'consequence vmm.path', 'consequence vmm.version'],
    ]);
  });

  it('says what varies over the boots of a side, and that it is unfair', () => {
    const boot = (trial: WholeTrial, number: number) => ({
      ...trial,
      path: samplePathFacts({ mtu: number > 4 ? 9000 : 1500 }),
    });
    expect(within({ boot })).toEqual([
      expect.objectContaining({ kind: 'unfair', path: 'path.mtu', candidate: 'varies: 1500 in 4 boots, 9000 in 2' }),
    ]);
  });

  it('only notes what varies on both sides alike', () => {
    const boot = (trial: WholeTrial, number: number) => ({
      ...trial,
      path: samplePathFacts({ mtu: number > 4 ? 9000 : 1500 }),
    });
    expect(within({ boot }, { boot })).toEqual([expect.objectContaining({ kind: 'note', path: 'path.mtu' })]);
  });

  it('is not misled by names of one boot in the arguments of the VMM', () => {
    const boot = (name: string) => (trial: WholeTrial) => ({
      ...trial,
      vmm: sampleVmmFacts({
        argv: [
          '/usr/bin/qemu',
          '-name',
          `guest=${name}-${trial.trialId}`,
          '-append',
          `ip=${name}`,
          '-device',
          `tap,mac=${nic.mac}`,
        ],
      }),
    });
    expect(within({ boot: boot('y') }, { boot: boot('x') })).toEqual([]);
  });

  it('is not misled by the folders and names of one boot, nor by the guest that a VMM boots', () => {
    const boot = (run: string, sockets: string) => (trial: WholeTrial) => {
      const folder = `/store-${run}/${trial.runId}/trials/${trial.trialId}`;
      return {
        ...trial,
        vmm: sampleVmmFacts({
          argv: [
            ...[
              'sh',
              '-c',
              'exec "$@" >"$0"',
              `/run/tapbench/${sockets}/console`,
              '/usr/bin/vmm',
              '--id',
              `tap-${run}`,
            ],
            ...['--serial', `socket=/run/tapbench/${sockets}/console.sock`, '--config-file', `${folder}/vmm.json`],
            ...[
              '--chroot-base-dir',
              `/${run}/jails/${sockets}`,
              '--cmdline',
              `ip=${run}`,
              '--kernel',
              `/${run}/vmlinux`,
            ],
          ],
          files: {
            'vmm.json': `"boot_args": "ip=${run}"\n "metrics_path": "${folder}/metrics.json"\n "vcpu_count": 1`,
          },
        }),
      };
    };
    expect(within({ boot: boot('y', 'vm-QqQqQq') }, { boot: boot('x', 'vm-73Y4CY') })).toEqual([]);
  });

  it('does not mind where the log of a VMM goes and how its lines look', () => {
    const boot =
      (...log: string[]) =>
      (trial: WholeTrial) => ({ ...trial, vmm: sampleVmmFacts({ argv: ['/usr/bin/vmm', ...log, '--pci'] }) });
    const [before, after] = [boot('--log-path', '/t/old.log'), boot('--log-path', '/t/vmm.log', '--show-level')];
    expect(within({ boot: before }, { boot: after })).toEqual([]);
  });

  it('takes what a machine leaves of the memory, and what another version says to the kernel, for no difference of their own', () => {
    const boot = (device: string, limit: number) => (trial: WholeTrial) => ({
      ...trial,
      guest: sampleGuestFacts({
        kernelCommandLine: `quiet virtio_mmio.device=${device}`,
        sysctls: { 'net.ipv4.tcp_rmem': `4096 131072 ${String(limit)}` },
      }),
    });
    const sides = [boot('4K@0xc0001000:5', 3_612_096), boot('4K@0xd0000000:5', 3_611_040)] as const;
    const kinds = (changes: Partial<Configuration['vmm']>) => {
      const sample = sampleConfiguration();
      const configuration = { vmm: { ...sample.vmm, ...changes } };
      const found = within({ boot: sides[0], configuration }, { boot: sides[1] });
      return Object.fromEntries(found.map(({ path: fact, kind }) => [fact, kind]));
    };
    expect(kinds({})).toEqual({
      'guest.kernelCommandLine': 'unfair',
      'guest.sysctls.net.ipv4.tcp_rmem': 'unfair',
    });
    expect(kinds({ binary: '/other' })).toMatchObject({ 'guest.kernelCommandLine': 'consequence' });
    expect(kinds({ kind: 'firecracker' })).toMatchObject({ 'guest.sysctls.net.ipv4.tcp_rmem': 'consequence' });
  });

  it('does not take the clock of a guest that has not chosen one yet for a fact', () => {
    const clock = (names: readonly string[]) => (trial: WholeTrial, boot: number) => ({
      ...trial,
      guest: sampleGuestFacts({ clocksource: names[boot % names.length] ?? null }),
    });
    expect(within({ boot: clock(['tsc-early']) }, { boot: clock(['refined-jiffies', 'tsc']) })).toEqual([]);
    expect(within({ boot: clock(['tsc-early', 'hpet']) }, { boot: clock(['tsc']) })).toEqual([
      expect.objectContaining({ kind: 'unfair', path: 'guest.clocksource', baseline: 'tsc', candidate: 'hpet' }),
    ]);
  });

  it('calls arguments of the VMM a consequence where something was asked, else unfair', () => {
    const boot = (trial: WholeTrial) => ({
      ...trial,
      vmm: sampleVmmFacts({ argv: [...sampleVmmFacts().argv, '-x'] }),
    });
    expect(within({ boot })).toEqual([expect.objectContaining({ kind: 'unfair', path: 'vmm.argv', candidate: '-x' })]);
    const asked = within({ boot, configuration: { prepare: samplePrepareSpec({ pin: 'auto' }) } });
    expect(asked).toContainEqual(expect.objectContaining({ kind: 'consequence', path: 'vmm.argv' }));
  });

  it('counts a setting that was already so as one that was made so', () => {
    const boot = (status: 'set' | 'already') => (trial: WholeTrial) => ({
      ...trial,
      preparation: {
        pins: [],
        settings: [{ field: 'ksm', target: '/sys/x', wanted: '0', before: '0', status, reason: null }],
      },
    });
    expect(within({ boot: boot('set') }, { boot: boot('already') })).toEqual([]);
  });

  it('says that workloads of one name do not do the same work, and which are not compared', () => {
    const workloads = [sampleIperf3Spec({ streams: 1 })];
    expect(within({ configuration: { workloads } })).toEqual([
      expect.objectContaining({
        kind: 'asked',
        path: 'workloads.iperf3.streams',
        meaning: 'the two sides do not do the same work',
      }),
      expect.objectContaining({ kind: 'note', path: 'workloads.sockperf', candidate: 'none' }),
    ]);
  });
});

describe('differencesOf two hosts', () => {
  it('finds none between two runs on one host but that they did not take turns', () => {
    expect(between({})).toEqual([]);
  });

  it('calls another machine unfair, a restart a note, and does not mind the words of a verdict', () => {
    expect(between({ fingerprint: '11'.repeat(32) })[0]).toMatchObject({ kind: 'unfair', path: 'host.fingerprint' });
    expect(between({ bootId: 'other' })).toEqual([expect.objectContaining({ kind: 'note', path: 'host.bootId' })]);
    expect(between({ kvm: { isUsable: true, reason: 'a guest booted on it in 0.5 s' } })).toEqual([]);
  });

  it('calls another version of tapbench unfair: it is the instrument', () => {
    const tapbench = { ...sampleHostFacts().tapbench, version: '0.2.0' };
    expect(between({ tapbench })).toEqual([expect.objectContaining({ kind: 'unfair', path: 'host.tapbench.version' })]);
  });

  it('calls iperf3 before and from 3.16 different instruments, and other versions different tools', () => {
    const meaning = (from: string, to: string) => between(programs(to), programs(from))[0]?.meaning;
    expect(meaning('3.12', '3.16')).toContain('different instruments');
    expect(meaning('3.15', '3.21')).toContain('different instruments');
    expect(meaning('3.12', '3.15')).toBe('the tool that measures differs');
    expect(meaning('3.16', '3.21')).toBe('the tool that measures differs');
  });

  it('only notes another version of a program that no figure rests on', () => {
    expect(between(programs('2', 'ip'), programs('1', 'ip'))).toEqual([expect.objectContaining({ kind: 'note' })]);
    expect(between(programs('2', 'bpftrace'), programs('1', 'bpftrace'))).toEqual([
      expect.objectContaining({ kind: 'note' }),
    ]);
  });
});
