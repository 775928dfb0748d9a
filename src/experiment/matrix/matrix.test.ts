import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { useExperimentFile } from '../../../test/sample/experiment-file.ts';
import { TapbenchError } from '../../record/error.ts';
import { experiment as experimentSchema } from '../../record/experiment.ts';
import type { ExperimentChoice } from '../file/experiment-file.ts';

const { folder, load, mistakes } = useExperimentFile();

async function configurations(text: string, choice: Partial<ExperimentChoice> = {}) {
  return (await load(text, choice)).experiment.configurations;
}

describe('a matrix', () => {
  it('makes a configuration of every combination, in the order of the file', async () => {
    const made = await configurations('matrix:\n  nic.mtu: [1500, 9000]\n  workloads.iperf3.streams: [1, 4]\n');
    expect(made.map(({ name }) => name)).toEqual([
      'mtu-1500_streams-1',
      'mtu-1500_streams-4',
      'mtu-9000_streams-1',
      'mtu-9000_streams-4',
    ]);
    expect(made[2]).toMatchObject({
      factors: { 'nic.mtu': '9000', 'workloads.iperf3.streams': '1' },
      nic: { mtu: 9000 },
      workloads: [{ kind: 'iperf3', streams: 1 }, { kind: 'sockperf' }],
    });
  });

  it('leaves out what exclude names and adds what include names, on top of the file', async () => {
    const made = await configurations(
      [
        'nic: { mtu: 1400 }',
        'matrix:',
        '  nic.mtu: [1500, 9000]',
        '  vmm.vcpus: [1, 2]',
        '  exclude: [{ nic.mtu: 9000, vmm.vcpus: 2 }, { nic.mtu: 1500 }]',
        '  include: [{ name: big, vmm.memory: 1G }, { vmm.memory: 2G }]',
      ].join('\n'),
    );
    expect(made.map(({ name }) => name)).toEqual(['mtu-9000_vcpus-1', 'big', 'memory-2G']);
    expect(made[1]).toMatchObject({ factors: { 'vmm.memory': '1G' }, nic: { mtu: 1400 }, vmm: { vcpus: 1 } });
  });

  it('takes short forms, and keeps what the file says beside them', async () => {
    const made = await configurations(
      'trace: { duration: 5s }\nmatrix:\n  trace: [off, lab-note]\n  nic.offloads: [on, { tso: off, gso: off }, off]\n',
    );
    expect(made.map(({ trace }) => trace.mode)).toEqual(['off', 'off', 'off', 'lab-note', 'lab-note', 'lab-note']);
    expect(new Set(made.map(({ trace }) => trace.durationNs))).toEqual(new Set([5e9]));
    expect(made[1]?.nic.offloads).toEqual({ csum: true, tso: false, gso: false, mrgRxbuf: true });
    expect(made[1]?.name).toBe('trace-off_offloads-tso-off-gso-off');
    expect(made[2]?.nic.offloads).toEqual({ csum: false, tso: false, gso: false, mrgRxbuf: false });
  });

  it('boots the same configuration under two names where they are named', async () => {
    const [a, b] = await configurations('matrix:\n  include: [{ name: a }, { name: b }]\n');
    expect({ ...a, name: 'b' }).toEqual(b);
  });

  it('takes paths from the folder of the file', async () => {
    const made = await configurations('matrix:\n  guest.kernel: [k/old, /boot/new]\n');
    expect(made.map(({ guest }) => guest.kernel)).toEqual([join(folder(), 'k/old'), '/boot/new']);
    expect(made.map(({ name }) => name)).toEqual(['kernel-k-old', 'kernel-boot-new']);
  });

  it('takes aliases, also of what stands outside of it', async () => {
    const made = await configurations('nic: { offloads: &all on }\nmatrix:\n  nic.offloads: [*all, &none off]\n');
    expect(made.map(({ nic }) => nic.offloads.tso)).toEqual([true, false]);
  });

  it('is kept as the user wrote it', async () => {
    const text = '# why\nmatrix:\n  nic.mtu: [1500,   9000]\n';
    expect((await load(text)).source).toBe(text);
  });

  it('gives names that are unique and fit for a folder, whatever the values', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.string({ unit: fc.constantFrom('a', ' ', '/', '.', '-', '=', '~', 'Z') }), {
          minLength: 1,
          maxLength: 8,
        }),
        async (values) => {
          const text = JSON.stringify({ matrix: { 'guest.kernelArguments': values, 'vmm.vcpus': [1, 2] } });
          const names = (await configurations(text)).map(({ name }) => name);
          expect(new Set(names).size).toBe(values.length * 2);
          for (const name of names) expect(name).toMatch(/^[A-Za-z0-9][A-Za-z0-9._-]{0,47}$/);
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe('mistakes in a matrix', () => {
  it.each([
    ['matrix: {}\n', 'mine.yaml:1:1: matrix: is empty'],
    ['matrix: []\n', 'mine.yaml:1:9: matrix: must be a map of keys, not a list'],
    ['matrix: { nic.mtu: [] }\n', 'mine.yaml:1:20: matrix.nic.mtu: must have at least 1 entry'],
    ['matrix: { nic.mtu: 1500 }\n', 'mine.yaml:1:20: matrix.nic.mtu: must be a list, not 1500'],
    ['matrix: { include: 3 }\n', 'mine.yaml:1:20: matrix.include: must be a list, not 3'],
    ['matrix:\n  nic.mtu: [1500, 20]\n', 'mine.yaml:2:19: matrix.nic.mtu[1]: nic.mtu: must be at least 68, not 20'],
    [
      'matrix:\n  vmm.accel: [tcg, kmv]\n  vmm.vcpus: [1, 2]\n',
      'mine.yaml:2:20: matrix.vmm.accel[1]: vmm.accel: "kmv" is unknown: did you mean "kvm"?',
    ],
    [
      'matrix:\n  nic.offloads:\n    - on\n    - { tos: off }\n',
      'mine.yaml:4:9: matrix.nic.offloads[1]: nic.offloads.tos: unknown key: did you mean "tso"?',
    ],
    ['matrix:\n  nic.mtuu: [1, 2]\n', 'mine.yaml:2:3: matrix.nic.mtuu: nic.mtuu: unknown key: did you mean "mtu"?'],
    ['matrix:\n  nik.mtu: [1, 2]\n', 'mine.yaml:2:3: matrix.nik.mtu: nik: unknown key: did you mean "nic"?'],
    ['matrix:\n  __proto__.x: [1]\n', 'mine.yaml:2:3: matrix.__proto__.x: __proto__: unknown key'],
    ['matrix:\n  nic..mtu: [1]\n', 'mine.yaml:2:3: matrix.nic..mtu: must be a path of keys'],
    [
      'matrix:\n  workloads.iperf.streams: [1]\n',
      'mine.yaml:2:29: matrix.workloads.iperf.streams[0]: no entry "iperf": did you mean "iperf3"?',
    ],
    [
      'matrix:\n  workloads.0.streams: [1]\n',
      'mine.yaml:2:3: matrix.workloads.0.streams: name the workload by its name or kind',
    ],
    ['matrix:\n  boots: [1, 2]\n', 'mine.yaml:2:3: matrix.boots: boots is of the whole experiment'],
    ['matrix:\n  nic.mtu: [1500, 1500]\n', 'mine.yaml:2:19: matrix.nic.mtu[1]: "1500" is in this list twice'],
    [
      'matrix:\n  nic.offloads: [on, true]\n',
      'mine.yaml:1:1: matrix: offloads-on and offloads-true are the same configuration',
    ],
    [
      'matrix:\n  trace: [off]\n  trace.mode: [inline]\n',
      'mine.yaml:3:3: matrix.trace.mode: matrix.trace is about the same field',
    ],
    [
      'matrix:\n  nic.offloads: [on]\n  nic.offloads.tso: [off]\n',
      'mine.yaml:3:3: matrix.nic.offloads.tso: matrix.nic.offloads is about the same field',
    ],
    [
      'matrix:\n  nic.mtu: [1500]\n  exclude: [{ nic.mtu: 1500 }]\n',
      'mine.yaml:1:1: matrix: every combination is excluded',
    ],
    [
      'matrix:\n  nic.mtu: [1500]\n  exclude: [{ nic.mtu: 9000 }]\n',
      'mine.yaml:3:15: matrix.exclude[0].nic.mtu: "9000" is no value of matrix.nic.mtu (1500)',
    ],
    [
      'matrix:\n  nic.mtu: [1500]\n  exclude: [{ nic.mut: 1500 }]\n',
      'mine.yaml:3:15: matrix.exclude[0].nic.mut: no field of this matrix: did you mean "nic.mtu"?',
    ],
    ['matrix:\n  nic.mtu: [1500]\n  exclude: [{}]\n', 'mine.yaml:3:13: matrix.exclude[0]: names no field'],
    [
      'matrix:\n  include: [{ name: a }, { name: a }]\n',
      'mine.yaml:2:26: matrix.include[1]: name: "a" is already that of matrix.include[0]',
    ],
    ['matrix:\n  include: [{ name: a/b }]\n', 'mine.yaml:2:13: matrix.include[0]: name: "a/b": must be letters'],
    [
      'matrix:\n  include: [{ nic.mtu: 3 }]\n',
      'mine.yaml:2:24: matrix.include[0].nic.mtu: nic.mtu: must be at least 68, not 3',
    ],
    [
      'matrix:\n  nic.offloads.csum: [on, off]\n',
      'mine.yaml:2:27: matrix.nic.offloads.csum[1]: nic.offloads.csum: off needs nic.offloads.tso: off',
    ],
    [
      'workloads: [{ kind: iperf3, rate: 1Gbit/s }]\nmatrix:\n  workloads.iperf3.protocol: [udp, tcp]\n',
      'mine.yaml:1:29: workloads.0.rate: only for protocol: udp (TCP finds its own rate) (in protocol-tcp)',
    ],
  ])('%j is refused at its place', async (text, expected) => {
    const lines = await mistakes(text);
    expect(lines).toHaveLength(1);
    expect(lines[0]?.slice(0, expected.length)).toBe(expected);
  });

  it('are reported together, each once', async () => {
    expect(await mistakes('boots: 0\nmatrix:\n  nic.mtu: [20, 30]\n  vmm.vcpus: [0, 1]\n')).toEqual([
      'mine.yaml:1:8: boots: must be at least 1, not 0',
      'mine.yaml:3:13: matrix.nic.mtu[0]: nic.mtu: must be at least 68, not 20',
      'mine.yaml:3:17: matrix.nic.mtu[1]: nic.mtu: must be at least 68, not 30',
      'mine.yaml:4:15: matrix.vmm.vcpus[0]: vmm.vcpus: must be at least 1, not 0',
    ]);
  });

  it('include more configurations than anybody can boot', async () => {
    const values = (count: number) => JSON.stringify(Array.from({ length: count }, (_, index) => 1000 + index));
    expect(await mistakes(`matrix:\n  nic.mtu: ${values(257)}\n`)).toEqual([
      'mine.yaml:1:1: matrix: makes 257 configurations: at most 256',
    ]);
    const huge = ['nic.mtu', 'vmm.vcpus', 'vmm.memory', 'workloads.iperf3.streams', 'guest.kernelArguments'];
    const text = `matrix:\n${huge.map((path) => `  ${path}: ${values(1000)}\n`).join('')}`;
    expect(await mistakes(text)).toEqual(['mine.yaml:1:1: matrix: makes 1000000000000000 combinations: at most 65536']);
    expect(await mistakes('boots: 10000\nmatrix:\n  vmm.vcpus: [1,2,3,4,5,6,7,8,9,10,11]\n')).toEqual([
      'mine.yaml:1:8: boots: 10000 boots of 11 configurations: at most 100000 trials',
    ]);
  });
});

describe('the command line and a matrix', () => {
  const text = 'matrix:\n  nic.mtu: [1500, 9000]\n';

  it('set fields that do not differ, and the matrix itself', async () => {
    const other = await configurations(text, { overrides: ['vmm.vcpus=2'] });
    expect(other.map(({ vmm, nic }) => [vmm.vcpus, nic.mtu])).toEqual([
      [2, 1500],
      [2, 9000],
    ]);
    const replaced = await configurations(text, { overrides: ['matrix.nic.mtu=[1400]', 'matrix.trace=[off, inline]'] });
    expect(replaced.map(({ name }) => name)).toEqual(['mtu-1400_trace-off', 'mtu-1400_trace-inline']);
    expect((await configurations(text, { overrides: ['matrix='] })).map(({ name }) => name)).toEqual(['default']);
  });

  it.each([
    [text, { overrides: ['nic.mtu=1400'] }, '--set nic.mtu=1400: matrix.nic.mtu gives'],
    [text, { overrides: ['nic={ mtu: 1400 }'] }, '--set nic={ mtu: 1400 }: matrix.nic.mtu gives'],
    ['matrix: { trace: [off, inline] }\n', { trace: 'separate' }, '--trace separate: matrix.trace gives'],
    [
      'matrix: { workloads.iperf3.duration: [3s, 5s] }\n',
      { duration: '4s' },
      '--duration 4s: matrix.workloads.iperf3.duration gives',
    ],
    [
      'matrix: { include: [{ vmm.vcpus: 2 }] }\n',
      { overrides: ['vmm.vcpus=3'] },
      '--set vmm.vcpus=3: matrix.include[0].vmm.vcpus gives',
    ],
    [
      text,
      { overrides: ['matrix.vmm.vcpus=[0, 1]'] },
      '--set matrix.vmm.vcpus=[0, 1]: vmm.vcpus: must be at least 1, not 0',
    ],
    [
      'matrix: { workloads.iperf3.streams: [1, 2] }\n',
      { workloads: ['sockperf'] },
      '--workload sockperf leaves out what they differ in: streams-1 and streams-2 are the same',
    ],
    [
      'matrix: { workloads: [[{ kind: iperf3 }], [{ kind: sockperf }]] }\n',
      { workloads: ['iperf3'] },
      '--workload iperf3: configuration workloads-kind-sockperf has none of these workloads',
    ],
  ])('%j with %j is refused, as one of the two would be lost', async (yaml, choice, expected) => {
    const lines = await mistakes(yaml, choice);
    expect(lines.map((line) => line.slice(0, expected.length))).toEqual([expected]);
  });

  it('selects workloads in each configuration', async () => {
    const made = await configurations(text, { workloads: ['sockperf'] });
    expect(made.map(({ workloads }) => workloads.map(({ kind }) => kind))).toEqual([['sockperf'], ['sockperf']]);
  });

  it('gives configurations in place of the matrix', async () => {
    const variants = [
      { name: 'a', overrides: ['nic.mtu=1400'] },
      { name: 'b', overrides: ['nic.mtu=9000', 'vmm.vcpus=2'] },
    ];
    const { experiment, source } = await load(text, { variants });
    expect(experiment.configurations).toMatchObject([
      { name: 'a', factors: { 'nic.mtu': '1400' }, nic: { mtu: 1400 }, vmm: { vcpus: 1 } },
      { name: 'b', factors: { 'nic.mtu': '9000', 'vmm.vcpus': '2' }, nic: { mtu: 9000 }, vmm: { vcpus: 2 } },
    ]);
    expect(await configurations(source)).toEqual(experiment.configurations);
  });

  it('may give the same configuration twice, and names the flag in its mistakes', async () => {
    const same = [
      { name: 'a', overrides: [] },
      { name: 'b', overrides: [] },
    ];
    expect((await configurations(text, { variants: same })).map(({ name }) => name)).toEqual(['a', 'b']);
    const wrong = [
      { name: 'a', overrides: ['nic.mtu=20'] },
      { name: 'b', overrides: ['nic.mut=1'] },
    ];
    expect(await mistakes(text, { variants: wrong })).toEqual([
      '--a nic.mtu=20: nic.mtu: must be at least 68, not 20',
      expect.stringContaining('--b nic.mut=1: nic.mut: unknown key: did you mean "mtu"?'),
    ]);
    const clash = [{ name: 'a', overrides: ['nic.mtu=1400'] }];
    expect(await mistakes(text, { variants: clash, overrides: ['nic.mtu=1300'] })).toEqual([
      expect.stringContaining('--set nic.mtu=1300: --a nic.mtu=1400 gives'),
    ]);
  });
});

/** Pieces of good experiments and of bad ones, put together at random. */
const paths = fc.constantFrom(
  ...['nic.mtu', 'nic.offloads', 'nic.offloads.csum', 'trace', 'trace.mode', 'vmm', 'vmm.vcpus', 'prepare.pin'],
  ...['workloads', 'workloads.iperf3', 'workloads.sockperf.mode', 'boots', 'matrix', 'a.b.c', '', '.', '__proto__'],
);
const values = fc.oneof(
  fc.constantFrom(1, 2, 1500, 9000, 'on', 'off', 'inline', 'kvm', '3s', null, true, -1, 1.5, ''),
  fc.constant({ csum: 'off', tso: 'off' }),
  fc.constant([{ kind: 'iperf3' }]),
  fc.constant({ kind: 'sockperf', mode: 'under-load' }),
  fc.jsonValue({ maxDepth: 2 }),
);
const factors = fc.dictionary(paths, fc.oneof(fc.array(values, { maxLength: 3 }), values), { maxKeys: 3 });
const entries = fc.array(fc.dictionary(fc.oneof(paths, fc.constant('name')), values, { maxKeys: 3 }), { maxLength: 3 });
const matrices = fc
  .tuple(factors, fc.option(entries, { nil: undefined }), fc.option(entries, { nil: undefined }))
  .map(([fields, exclude, include]) => ({ ...fields, ...(exclude && { exclude }), ...(include && { include }) }));
const goodFields = fc.record(
  {
    'nic.mtu': fc.constant([1500, 9000]),
    'vmm.vcpus': fc.subarray([1, 2, 3], { minLength: 1 }),
    trace: fc.subarray(['off', 'inline', 'separate'], { minLength: 1 }),
    include: fc.constant([{ name: 'more', 'nic.offloads': 'off' }]),
  },
  { requiredKeys: ['nic.mtu'] },
);
const files = fc.record(
  {
    matrix: fc.oneof(matrices, { arbitrary: goodFields, weight: 3 }, values),
    nic: fc.oneof({ arbitrary: fc.constant({ mtu: 1400 }), weight: 3 }, { arbitrary: values, weight: 1 }),
    prepare: fc.oneof(
      { arbitrary: fc.constant({ pin: { vcpu: '0-1' } }), weight: 3 },
      { arbitrary: values, weight: 1 },
    ),
    boots: fc.constantFrom(1, 3, null),
    budget: fc.constantFrom('1h', '2h', '3h', '1s'),
  },
  { requiredKeys: ['matrix'] },
);

describe('any matrix', () => {
  it('is an experiment that fits the record, or EXPERIMENT_INVALID', async () => {
    let good = 0;
    await fc.assert(
      fc.asyncProperty(files, fc.array(fc.tuple(paths, values), { maxLength: 1 }), async (whole, sets) => {
        const overrides = sets.map(([path, value]) => `${path}=${JSON.stringify(value)}`);
        const outcome = await load(JSON.stringify(whole), { overrides }).catch((cause: unknown) => {
          if (cause instanceof TapbenchError) return cause;
          throw cause;
        });
        if (outcome instanceof TapbenchError) {
          expect(outcome.code).toBe('EXPERIMENT_INVALID');
          return;
        }
        expect(experimentSchema.parse(outcome.experiment)).toEqual(outcome.experiment);
        good += 1;
      }),
      { numRuns: 150 },
    );
    expect(good).toBeGreaterThan(0);
  });
});
