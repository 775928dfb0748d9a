import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { useExperimentFile } from '../../../test/sample/experiment-file.ts';
import { TapbenchError } from '../../record/error.ts';
import { experiment as experimentSchema } from '../../record/experiment.ts';
import { loadExperiment } from './experiment-file.ts';

const { folder, load, mistakes } = useExperimentFile();

describe('a good experiment file', () => {
  it('gets every default and the name of its file', async () => {
    const { experiment } = await load('boots: 3\n');
    expect(experimentSchema.parse(experiment)).toEqual(experiment);
    expect(experiment).toMatchObject({ name: 'mine', boots: 3, order: 'shuffled', timeoutNs: null });
    expect(experiment.configurations[0]?.workloads.map((workload) => workload.name)).toEqual(['iperf3', 'sockperf']);
  });

  it('puts workloads into one window, each with its own keys', async () => {
    const text =
      'workloads:\n  - { kind: sockperf, name: idle }\n  - together: [sockperf, { kind: iperf3, streams: 1 }]\n';
    const [configuration] = (await load(text)).experiment.configurations;
    expect(configuration?.together).toEqual([['sockperf', 'iperf3']]);
    expect(configuration?.workloads).toMatchObject([
      { name: 'idle' },
      { name: 'sockperf', durationNs: 30e9 },
      { name: 'iperf3', streams: 1 },
    ]);
  });

  it('says nothing of windows where none is shared', async () => {
    expect((await load('boots: 1\n')).experiment.configurations[0]).not.toHaveProperty('together');
  });

  it('takes two of one kind in a window where their servers are on different ports, or have none', async () => {
    const text =
      'workloads: [{ together: [ping, { kind: ping, name: two }, sockperf, { kind: sockperf, name: t, protocol: tcp }] }]\n';
    const [configuration] = (await load(text)).experiment.configurations;
    expect(configuration?.together).toEqual([['ping', 'two', 'sockperf', 't']]);
  });

  it('reaches a workload of a window by flags, also where only its kind is written', async () => {
    const text = 'workloads: [{ together: [sockperf, iperf3] }]\n';
    const { experiment, source } = await load(text, {
      duration: '5s',
      overrides: ['workloads.0.together.iperf3.streams=2'],
    });
    const [configuration] = experiment.configurations;
    expect(configuration?.workloads).toMatchObject([{ durationNs: 5e9 }, { durationNs: 5e9, streams: 2 }]);
    expect((await load(source)).experiment.configurations[0]?.workloads).toEqual(configuration?.workloads);
  });

  it('keeps a window whole where one of its workloads is chosen', async () => {
    const text = 'workloads: [{ kind: ping }, { together: [sockperf, iperf3] }]\n';
    const { experiment, source } = await load(text, { workloads: ['sockperf'] });
    const chosen = experiment.configurations[0];
    expect(chosen?.workloads.map(({ name }) => name)).toEqual(['sockperf', 'iperf3']);
    expect(chosen?.together).toEqual([['sockperf', 'iperf3']]);
    expect((await load(source)).experiment.configurations[0]?.together).toEqual([['sockperf', 'iperf3']]);
    const alone = await load(text, { workloads: ['ping'] });
    expect(alone.experiment.configurations[0]).not.toHaveProperty('together');
  });

  it('takes a word or a map for trace', async () => {
    const word = await load('trace: inline\nseed: 1\n');
    const map = await load('trace: { mode: inline }\nseed: 1\n');
    expect(word.experiment).toEqual(map.experiment);
  });

  it('keeps what the user wrote, comments included', async () => {
    const { source } = await load('# why\nboots: 3 # three\n');
    expect(source).toContain('# why\nboots: 3 # three\n');
  });

  it('takes paths from the folder of the file, and a bare VMM name as it is', async () => {
    const { experiment } = await load('guest: { kernel: k/bzImage }\nvmm: { binary: qemu-system-x86_64 }\n');
    expect(experiment.configurations[0]?.guest.kernel).toBe(join(folder(), 'k/bzImage'));
    expect(experiment.configurations[0]?.vmm.binary).toBe('qemu-system-x86_64');
  });

  it('takes on, off, true and false for switches, and one of them for all offloads', async () => {
    const offloads = async (text: string) => (await load(text)).experiment.configurations[0]?.nic.offloads;
    const off = { csum: false, tso: false, gso: false, mrgRxbuf: false };
    expect(await offloads('nic: { offloads: off }\n')).toEqual(off);
    expect(await offloads('nic: { offloads: false }\n')).toEqual(off);
    expect(await offloads('nic: { offloads: { tso: off, mrgRxbuf: false } }\n')).toEqual({
      csum: true,
      tso: false,
      gso: true,
      mrgRxbuf: false,
    });
  });

  it('has its host prepared as it says, and else left alone', async () => {
    const prepare = async (text: string) => (await load(text)).experiment.configurations[0]?.prepare;
    const nothing = { pin: 'none', governor: null, turbo: null, idleLatencyUs: null, ksm: null };
    expect(await prepare('{}')).toEqual({ ...nothing, transparentHugepages: null, irqbalance: null });
    const text =
      'prepare: { pin: { vcpu: 2, vmm: "0,4-5", client: [6, "7-8"] }, governor: performance, turbo: off, idleLatency: 10us, ksm: off, transparentHugepages: never, irqbalance: on }';
    expect(await prepare(text)).toEqual({
      pin: { vcpu: [2], vmm: [0, 4, 5], client: [6, 7, 8] },
      governor: 'performance',
      turbo: false,
      idleLatencyUs: 10,
      ksm: false,
      transparentHugepages: 'never',
      irqbalance: true,
    });
    expect(await prepare('prepare: { pin: auto, idleLatency: 0 }')).toMatchObject({ pin: 'auto', idleLatencyUs: 0 });
  });

  it('settles and warms up as long as it says: 0 needs no unit', async () => {
    expect((await load('settle: 500ms\nwarmup: 3s\n')).experiment).toMatchObject({ settleNs: 500e6, warmupNs: 3e9 });
    expect((await load('settle: 0\nwarmup: 0s\n')).experiment).toMatchObject({ settleNs: 0, warmupNs: 0 });
  });

  it('takes aliases', async () => {
    const { experiment } = await load(
      'workloads:\n  - &a { kind: iperf3, duration: 5s }\n  - kind: sockperf\nvmm: &v { vcpus: 2 }\n',
    );
    expect(experiment.configurations[0]?.workloads[0]?.durationNs).toBe(5e9);
    expect(experiment.configurations[0]?.vmm.vcpus).toBe(2);
  });
});

describe('mistakes in an experiment file', () => {
  it.each([
    ['vmn: { kind: qemu }\n', 'mine.yaml:1:1: vmn: unknown key: did you mean "vmm"?'],
    ['vmm:\n  kind: qemo\n', 'mine.yaml:2:9: vmm.kind: "qemo" is unknown: did you mean "qemu"?'],
    ['vmm:\n  acel: kvm\n', 'mine.yaml:2:3: vmm.acel: unknown key: did you mean "accel"?'],
    ['vmm:\n  accel: kmv\n', 'mine.yaml:2:10: vmm.accel: "kmv" is unknown: did you mean "kvm"?'],
    ['topology: vm-to-hots\n', 'mine.yaml:1:11: topology: "vm-to-hots" is unknown: did you mean "vm-to-host"?'],
    ['pairs: 65\n', 'mine.yaml:1:8: pairs: must be at most 64, not 65'],
    ['pairs: 0\n', 'mine.yaml:1:8: pairs: must be at least 1, not 0'],
    [
      'topology: vm-to-vm\nprepare: { pin: auto }\n',
      'mine.yaml:2:17: prepare.pin: pinning needs one VM and the host: pairs: 1',
    ],
    [
      'topology: vm-to-vm\ntrace: lab-note\n',
      'mine.yaml:2:8: trace.mode: the script of a lab note needs one VM and the host: pairs: 1',
    ],
    ['trace: seperate\n', 'mine.yaml:1:8: trace.mode: "seperate" is unknown: did you mean "separate"?'],
    ['workloads:\n  - kind: iperf\n', 'mine.yaml:2:11: workloads.0.kind: "iperf" is unknown: did you mean "iperf3"?'],
    ['workloads:\n  - duration: 3s\n', 'mine.yaml:2:5: workloads.0.kind: is missing: one of iperf3, sockperf'],
    ['workloads: []\n', 'mine.yaml:1:12: workloads: must have at least 1 entry'],
    [
      'workloads:\n  - kind: iperf3\n    duration: 30\n',
      'mine.yaml:3:15: workloads.0.duration: 30: a duration needs a unit',
    ],
    [
      'workloads:\n  - kind: iperf3\n    duration: 1.5s\n',
      'mine.yaml:3:15: workloads.0.duration: 1.5s: must be whole seconds',
    ],
    [
      'workloads:\n  - kind: sockperf\n    duration: 500ms\n',
      'mine.yaml:3:15: workloads.0.duration: 500ms: must be whole seconds',
    ],
    [
      'workloads:\n  - { kind: iperf3, streams: 129 }\n',
      'mine.yaml:2:30: workloads.0.streams: must be at most 128, not 129',
    ],
    ['workloads:\n  - { kind: iperf3, rate: 1Gbit/s }\n', 'mine.yaml:2:21: workloads.0.rate: only for protocol: udp'],
    [
      'workloads:\n  - { kind: iperf3, protocol: udp, buffer: 128K }\n',
      'mine.yaml:2:36: workloads.0.buffer: must be 16B to 65507B',
    ],
    [
      'workloads:\n  - { kind: sockperf, messagesPerSecond: 5 }\n',
      'mine.yaml:2:23: workloads.0.messagesPerSecond: only for mode: under-load',
    ],
    [
      'workloads:\n  - kind: iperf3\n  - kind: iperf3\n',
      'mine.yaml:3:5: workloads.1.name: "iperf3" is already the name of workloads.0',
    ],
    [
      'workloads: [{ together: [sockperf] }]\n',
      "mine.yaml:1:25: workloads.0.together: one workload can't share a window: list two or more",
    ],
    [
      `workloads: [${Array.from({ length: 101 }, (_, n) => `{ together: [{ kind: ping, name: a${String(n)} }, { kind: ping, name: b${String(n)} }] }`).join(', ')}]\n`,
      'mine.yaml:1:1: workloads: must be at most 100 windows that are shared, not 101',
    ],
    ['workloads: [{ together: [] }]\n', "mine.yaml:1:25: workloads.0.together: none can't share a window"],
    [
      'workloads:\n  - together:\n      - kind: iperf3\n      - { kind: iperf3, name: two }\n',
      'mine.yaml:4:9: workloads.0.together.1: "two" and "iperf3" both need a server on TCP port 5201: give each a window of its own',
    ],
    [
      'workloads:\n  - kind: iperf3\n    search: loss <= 0.1 %\n',
      'mine.yaml:3:5: workloads.0.search: only for protocol: udp (TCP sends again what was lost)',
    ],
    [
      'workloads: [{ kind: iperf3, protocol: udp, search: loss < 1 }]\n',
      'mine.yaml:1:52: workloads.0.search: loss < 1: the limit of a search is written as loss <= 0.1 %',
    ],
    [
      'workloads:\n  - together:\n      - sockperf\n      - { kind: iperf3, protocol: udp, search: loss <= 1 % }\n',
      "mine.yaml:4:40: workloads.0.together.1.search: can't share a window: it would find the rate of a path without the others",
    ],
    [
      'workloads:\n  - together: [sockperf, iperf3]\n  - kind: sockperf\n',
      'mine.yaml:3:5: workloads.1.name: "sockperf" is already the name of workloads.0.together.0',
    ],
    [
      'workloads: [{ together: [sockperf, iperf] }]\n',
      'mine.yaml:1:36: workloads.0.together.1.kind: "iperf" is unknown: did you mean "iperf3"?',
    ],
    [
      'workloads: [{ together: [sockperf, iperf3], duration: 3s }]\n',
      'mine.yaml:1:45: workloads.0.duration: unknown key: only together',
    ],
    [
      'workloads: [{ together: [{ together: [sockperf, iperf3] }, ping] }]\n',
      'mine.yaml:1:26: workloads.0.together.0.kind: is missing: one of',
    ],
    ['nic: { mtu: 20 }\n', 'mine.yaml:1:13: nic.mtu: must be at least 68, not 20'],
    [
      'nic:\n  offloads: { csum: off }\n',
      'mine.yaml:2:21: nic.offloads.csum: off needs nic.offloads.tso: off beside it',
    ],
    ['guest:\n  init: theirs\n', 'mine.yaml:2:9: guest.init: theirs needs guest.rootfs'],
    ['guest: { init: their }\n', 'mine.yaml:1:16: guest.init: "their" is unknown: did you mean "theirs"?'],
    ['nic: { offloads: { tso: yes } }\n', 'mine.yaml:1:25: nic.offloads.tso: "yes" is unknown: one of on, off'],
    ['nic: { offloads: { tos: on } }\n', 'mine.yaml:1:20: nic.offloads.tos: unknown key: did you mean "tso"?'],
    ['prepare: { pin: atuo }\n', 'mine.yaml:1:17: prepare.pin: "atuo" is unknown: did you mean "auto"?'],
    ['prepare: { pin: { vcp: 1 } }\n', 'mine.yaml:1:19: prepare.pin.vcp: unknown key: did you mean "vcpu"?'],
    ['prepare: { pin: { vcpu: 3-2 } }\n', 'mine.yaml:1:25: prepare.pin.vcpu: 3-2: must be CPUs, each once'],
    ['prepare: { pin: { vcpu: [1, 1] } }\n', 'mine.yaml:1:25: prepare.pin.vcpu: '],
    ['prepare: { pin: { vcpu: 0-9999 } }\n', 'mine.yaml:1:25: prepare.pin.vcpu: 0-9999: must be CPUs'],
    ['prepare: { idleLatency: 500ns }\n', 'mine.yaml:1:25: prepare.idleLatency: 500ns: must be whole microseconds'],
    ['prepare: { ksm: maybe }\n', 'mine.yaml:1:17: prepare.ksm: "maybe" is unknown: one of on, off'],
    ['order: abab\n', 'mine.yaml:1:8: order: "abab" is unknown: did you mean "abba"?'],
    ['settle: 5\n', 'mine.yaml:1:9: settle: 5: a duration needs a unit'],
    ['warmup: 1500ms\n', 'mine.yaml:1:9: warmup: 1500ms: must be whole seconds'],
    ['budget: 0s\n', 'mine.yaml:1:9: budget: 0s: must be more than 0'],
    ['seed: -1\n', 'mine.yaml:1:7: seed: must be at least 0, not -1'],
    ['vmm:\n', 'mine.yaml:1:1: vmm: must be a map of keys, not nothing'],
    ['vmm: { vcpus: 1.5 }\n', 'mine.yaml:1:15: vmm.vcpus: must be a whole number, not 1.5'],
    ['vmm: { memory: 512MB }\n', 'mine.yaml:1:16: vmm.memory: 512MB: MB is not a unit of a size'],
    ['description: 5\n', 'mine.yaml:1:14: description: must be text, not 5 (write it in quotes: "5")'],
    ['- kind: iperf3\n', 'mine.yaml:1:1: must be a map of keys, not a list'],
    ['__proto__: 1\n', 'mine.yaml:1:1: __proto__: unknown key'],
    ['boots: 1\nboots: 2\n', 'mine.yaml:2:1: this key stands twice in the same map'],
    ['boots: [1\n', 'mine.yaml:2:1: '],
    ['vmm:\n\tkind: qemu\n', 'mine.yaml:2:1: '],
    ['boots: !!python/object 1\n', 'mine.yaml:1:8: Unresolved tag'],
    ['vmm: *nowhere\n', 'mine.yaml:1:6: *nowhere: no anchor of this name before it'],
    ['boots: 1\n---\nboots: 2\n', 'mine.yaml:2:1: '],
    ['', 'mine.yaml:1:1: the file is empty'],
    [
      'guest: { kernelArguments: "a\\nb" }\n',
      'mine.yaml:1:27: guest.kernelArguments: a\\nb: must be one line of printable ASCII',
    ],
  ])('%j is refused with its place', async (text, expected) => {
    const lines = await mistakes(text);
    expect(lines).toHaveLength(1);
    expect(lines[0]?.slice(0, expected.length)).toBe(expected);
  });

  it('are reported together', async () => {
    const lines = await mistakes('boots: 0\nvmm:\n  kind: qemo\n  colour: red\n');
    expect(lines).toEqual([
      'mine.yaml:1:8: boots: must be at least 1, not 0',
      expect.stringMatching(
        /^mine\.yaml:3:9: vmm\.kind: "qemo" is unknown: did you mean "qemu"\? \(one of qemu, /,
      ) as string,
      'mine.yaml:4:3: vmm.colour: unknown key: one of kind, accel, binary, vcpus, memory, options, client, server',
    ]);
  });

  it('stop at twenty', async () => {
    const text = Array.from({ length: 30 }, (_, index) => `key${String(index)}: 1\n`).join('');
    const lines = await mistakes(text);
    expect(lines).toHaveLength(21);
    expect(lines.at(-1)).toBe('... and 10 more');
  });

  it('include files that are no YAML files', async () => {
    await mkdir(join(folder(), 'sub.yaml'), { recursive: true });
    expect(await mistakes('', { nameOrPath: join(folder(), 'sub.yaml') })).toEqual([
      'sub.yaml: no experiment: it is a folder, not a file',
    ]);
    expect(await mistakes('', { nameOrPath: '/dev/null' })).toEqual([
      '/dev/null: no experiment: it is a device, not a file',
    ]);
    expect(await mistakes(new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 1]))).toEqual([
      'mine.yaml: not a text file (it holds zero bytes)',
    ]);
    expect(await mistakes(new Uint8Array([0xff, 0xfe, 0x41]))).toEqual(['mine.yaml: not a text file (not UTF-8)']);
    expect(await mistakes(`#${'x'.repeat(262_144)}`)).toEqual([
      'mine.yaml: no experiment: it is larger than 262144 bytes',
    ]);
  });

  it('include more words than any experiment has, before they are read', async () => {
    const lines = (line: (index: number) => string, count = 12_000) =>
      Array.from({ length: count }, (_, n) => line(n)).join('\n');
    const tooMany = ['mine.yaml:1:1: more than 30,000 words and signs: too large for an experiment'];
    expect(await mistakes(lines((n) => `k${String(n)}: 1`))).toEqual(tooMany);
    expect(await mistakes(`vmm:\n${lines((n) => `  k${String(n)}: 1`)}`)).toEqual(tooMany);
    expect(await mistakes(`{${lines((n) => `k${String(n)}: 1,`)}}`)).toEqual(tooMany);
    expect(await mistakes(lines((n) => `k${String(n)}: &a${String(n)} 1`))).toEqual(tooMany);
    expect(await mistakes(`workloads: [${'1,'.repeat(30_000)}]`)).toEqual(tooMany);
    // As many as there may be are all gone through.
    const unknown = await mistakes(lines((n) => `k${String(n)}: 1`, 4_000));
    expect(unknown).toHaveLength(21);
    expect(unknown.at(-1)).toBe('... and 3980 more');
    expect(await mistakes(`prepare: { pin: { vcpu: "${'0-8191,'.repeat(9_000)}0" } }`)).toEqual([
      expect.stringContaining('must be CPUs'),
    ]);
    // Some seconds of real work, on a machine that has others.
  }, 60_000);

  it('include aliases that blow up and nesting without end', async () => {
    const levels = Array.from({ length: 12 }, (_, level) => {
      const inner = level === 0 ? 'lol' : `*a${String(level - 1)}`;
      return `k${String(level)}: &a${String(level)} [${Array.from({ length: 10 }, () => inner).join(', ')}]\n`;
    });
    expect(await mistakes(levels.join(''))).toEqual([expect.stringContaining('make it too large')]);
    expect(await mistakes('['.repeat(20_000))).toEqual(['mine.yaml:1:1: nested too deeply to be read']);
    expect(await mistakes('workloads: &a [*a]\n')).toEqual([expect.stringContaining('mine.yaml:1:')]);
    // Where exactly the stack ends differs from run to run: there is one mistake on either side of that.
    for (const depth of [500, 2000, 10_000]) {
      const deep = `matrix: { trace: [${'['.repeat(depth)}${']'.repeat(depth)}] }\n`;
      expect(await mistakes(deep)).toEqual([expect.stringMatching(/nested too deeply|trace: must be a map/)]);
    }
  });

  it('name the nearest built-in for an unknown one', async () => {
    expect(await mistakes('', { nameOrPath: 'quik' })).toEqual([
      'quik: no built-in experiment and no file of this name; did you mean "quick"? (built-in: a-a, observer-effect, offloads, quick, scale, scale-out, under-load, vm-to-host, worlds)',
    ]);
    expect(await mistakes('', { nameOrPath: join(folder(), 'none.yaml') })).toEqual([
      expect.stringContaining('none.yaml: no such file'),
    ]);
  });

  it('are always EXPERIMENT_INVALID, whatever becomes of a good file', async () => {
    const good = (await loadExperiment({ nameOrPath: 'offloads', overrides: [] })).source;
    const place = fc.nat({ max: good.length });
    const piece = fc.constantFrom('', ' ', '\n', ':', '- ', '[', '}', '&a ', '*a', 'off', '0', '"', '#', '\n  ');
    const change = fc.record({ from: place, length: fc.nat({ max: 8 }), copied: place, piece });
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 2 }), async (changes) => {
        const text = changes.reduce((before, { from, length, copied, piece: put }) => {
          const moved = good.slice(copied, copied + length);
          return before.slice(0, from) + put + moved + before.slice(from + length);
        }, good);
        const error: unknown = await load(text).then(
          () => null,
          (cause: unknown) => cause,
        );
        if (error === null) accepted += 1;
        else expect(error).toMatchObject({ name: 'TapbenchError', code: 'EXPERIMENT_INVALID' });
      }),
      { numRuns: 100 },
    );
    expect(accepted).toBeGreaterThan(0);
  });

  it('are always EXPERIMENT_INVALID, whatever the text', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({
          unit: fc.constantFrom(
            'vmm',
            'a',
            ':',
            '-',
            '[',
            ']',
            '{',
            '}',
            '&',
            '*',
            '!',
            '#',
            '|',
            '>',
            '%',
            '@',
            "'",
            '"',
            '\n',
            '\t',
            ' ',
            '0',
            '?',
            ',',
          ),
        }),
        async (text) => {
          const error: unknown = await load(text).then(
            () => null,
            (cause: unknown) => cause,
          );
          expect(error === null || (error instanceof TapbenchError && error.code === 'EXPERIMENT_INVALID')).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});
