import { describe, expect, it } from 'vitest';
import { TapbenchError } from '../record/error.ts';
import { type ExperimentChoice, loadExperiment } from './file/experiment-file.ts';

async function load(choice: Partial<ExperimentChoice>) {
  return await loadExperiment({ nameOrPath: 'quick', overrides: [], ...choice });
}

async function mistakes(choice: Partial<ExperimentChoice>): Promise<string[]> {
  const error: unknown = await load(choice).then(
    () => new Error('was accepted'),
    (cause: unknown) => cause,
  );
  if (!(error instanceof TapbenchError)) throw error;
  return error.message.split('\n');
}

describe('--set', () => {
  it('sets any field, and the source shows it', async () => {
    const { experiment, source } = await load({
      overrides: ['vmm.memory=1G', 'nic.mtu=9000', 'boots=4', 'description=a: b'.replace(': ', ' ')],
    });
    expect(experiment).toMatchObject({ boots: 4, description: 'a b' });
    expect(experiment.configurations[0]).toMatchObject({ vmm: { memoryBytes: 1024 ** 3 }, nic: { mtu: 9000 } });
    expect(source).toContain('memory: 1G');
  });

  it('is refused where its value is larger than any experiment, before that is read', async () => {
    const keys = Array.from({ length: 13_000 }, (_, index) => `k${String(index)}: 1`).join(', ');
    const began = performance.now();
    const [said] = await mistakes({ overrides: [`vmm.options={${keys}}`] });
    expect(said).toMatch(/^--set vmm\.options=.{0,60}\.\.\.: more than 30,000 words and signs/);
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  it('reaches workloads by name and by index', async () => {
    const { experiment } = await load({ overrides: ['workloads.sockperf.duration=7s', 'workloads.0.streams=2'] });
    expect(experiment.configurations[0]?.workloads).toMatchObject([{ streams: 2 }, { durationNs: 7e9 }]);
  });

  it('reaches inside the short form of trace', async () => {
    const { experiment } = await load({ overrides: ['trace=inline', 'trace.timing=true'] });
    expect(experiment.configurations[0]?.trace).toMatchObject({ mode: 'inline', timing: true });
  });

  it('goes into the short form of offloads, and a short form into what stands there', async () => {
    const { experiment } = await load({ overrides: ['nic.offloads=off', 'nic.offloads.mrgRxbuf=on', 'trace=off'] });
    expect(experiment.configurations[0]?.nic.offloads).toEqual({ csum: false, tso: false, gso: false, mrgRxbuf: true });
    // quick traces for 1 s: turning tracing off leaves that as it is.
    expect(experiment.configurations[0]?.trace).toEqual({ mode: 'off', timing: false, durationNs: 1e9 });
  });

  it('takes an empty value as nothing', async () => {
    const { experiment } = await load({ overrides: ['timeout=10m', 'timeout='] });
    expect(experiment.timeoutNs).toBeNull();
  });

  it.each([
    ['boots', '--set boots: must be path=value'],
    ['=3', '--set =3: must be path=value'],
    ['vmm..kind=qemu', '--set vmm..kind=qemu: must be path=value'],
    ['vmm.kind=qemo', '--set vmm.kind=qemo: vmm.kind: "qemo" is unknown: did you mean "qemu"?'],
    ['vmm.knd=qemu', '--set vmm.knd=qemu: vmm.knd: unknown key: did you mean "kind"?'],
    ['vmn.kind=qemu', '--set vmn.kind=qemu: vmn: unknown key: did you mean "vmm"?'],
    ['boots.x=1', '--set boots.x=1: boots is a plain value: it has no key "x"'],
    [
      'workloads.sokperf.duration=3s',
      '--set workloads.sokperf.duration=3s: no entry "sokperf": did you mean "sockperf"?',
    ],
    ['workloads.9.duration=3s', '--set workloads.9.duration=3s: no entry "9"'],
    ['boots=*b', "--set boots=*b: the value can't be read"],
    ['boots=[1', '--set boots=[1: the value is not YAML'],
    ['__proto__.x=1', '--set __proto__.x=1: __proto__: unknown key'],
    ['matrix.include=[{__proto__: 1}]', '--set matrix.include=[{__proto__: 1}]: __proto__: unknown key'],
    ['matrix.include=[{constructor: 1}]', '--set matrix.include=[{constructor: 1}]: constructor: unknown key'],
    ['matrix.include=[{toString: 1}]', '--set matrix.include=[{toString: 1}]: toString: unknown key'],
  ])('%s is refused, naming the flag', async (argument, expected) => {
    const lines = await mistakes({ overrides: [argument] });
    expect(lines.map((line) => line.slice(0, expected.length))).toEqual([expected]);
  });

  it('is named for its own mistake, also in a map that an earlier one has made', async () => {
    const lines = await mistakes({ overrides: ['vmm.kind=firecracker', 'vmm.accel=tcg', 'vmm.options.pci=2'] });
    expect(lines).toEqual(['--set vmm.options.pci=2: vmm.options.pci: must be on or off']);
    expect(await mistakes({ overrides: ['vmm.kind=firecracker', 'vmm.accel=tcg'] })).toEqual([
      expect.stringMatching(/^--set vmm\.accel=tcg: vmm\.accel: must be kvm or auto/),
    ]);
  });
});

describe('the other flags', () => {
  it('set the duration of every workload, and --set goes over it', async () => {
    const { experiment } = await load({ duration: '5s', overrides: ['workloads.sockperf.duration=6s'] });
    expect(experiment.configurations[0]?.workloads.map((workload) => workload.durationNs)).toEqual([5e9, 6e9]);
  });

  it('set boots, trace, timing, timeout and guest files', async () => {
    const { experiment } = await load({
      boots: '3',
      trace: 'off',
      traceTiming: true,
      timeout: '90s',
      guestKernel: '/k',
      guestInitrd: 'i',
    });
    expect(experiment).toMatchObject({ boots: 3, timeoutNs: 90e9 });
    expect(experiment.configurations[0]).toMatchObject({
      trace: { mode: 'off', timing: true },
      guest: { kernel: '/k', initrd: `${process.cwd()}/i` },
    });
  });

  it('keep only the chosen workloads', async () => {
    const { experiment, source } = await load({ workloads: ['sockperf'] });
    expect(experiment.configurations[0]?.workloads.map((workload) => workload.name)).toEqual(['sockperf']);
    expect(source).not.toContain('kind: iperf3');
  });

  it('are named in their mistakes, once', async () => {
    expect(await mistakes({ duration: '0s' })).toEqual([
      expect.stringContaining('--duration 0s: workloads.0.duration: 0s: must be more than 0'),
      expect.stringContaining('--duration 0s: workloads.1'),
    ]);
    expect(await mistakes({ boots: 'many' })).toEqual(['--boots many: boots: must be a number, not many']);
    expect(await mistakes({ trace: 'none' })).toEqual([
      expect.stringContaining('--trace none: trace.mode: "none" is unknown'),
    ]);
    expect(await mistakes({ workloads: ['iperf'] })).toEqual([
      expect.stringContaining('--workload iperf: "iperf" is no workload of this experiment: did you mean "iperf3"?'),
    ]);
  });
});
