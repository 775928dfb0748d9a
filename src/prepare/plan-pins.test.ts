import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PinnedRole } from '../record/experiment.ts';
import type { CpuPlace, CpuTopology } from './cpu-topology.ts';
import { demandCpus, type PinWish, planPins } from './plan-pins.ts';

/** A machine of sockets with cores of threads, numbered as Linux does: first the first threads of all cores, then the second ones. */
function machine(shape: { sockets: number; cores: number; threads: number; allowed?: number[] }): CpuTopology {
  const { sockets, cores, threads } = shape;
  const all = sockets * cores;
  const cpus = Array.from({ length: all * threads }, (_, cpu): CpuPlace => {
    const core = cpu % all;
    const socket = Math.floor(core / cores);
    return { cpu, core: `cpu${String(core)}`, node: socket, cache: `socket ${String(socket)}` };
  });
  const present = cpus.map(({ cpu }) => cpu);
  return { cpus, present, allowed: shape.allowed ?? present };
}

const wish = (role: PinnedRole, name: string = role): PinWish => ({ role, name });
const usual = [wish('server', 'iperf3'), wish('vmm', 'qemu'), wish('vcpu', 'CPU 0')];
const cpusOf = (pins: ReturnType<typeof planPins>): (readonly number[])[] => pins.map(({ cpus }) => cpus);

describe('planPins auto', () => {
  it('gives each role a core of its own, vCPU first, and leaves CPU 0 alone', () => {
    const plan = planPins('auto', machine({ sockets: 1, cores: 4, threads: 1 }), usual);
    expect(plan).toEqual([
      { role: 'server', name: 'iperf3', cpus: [3], status: 'pinned', reason: null },
      { role: 'vmm', name: 'qemu', cpus: [2], status: 'pinned', reason: null },
      { role: 'vcpu', name: 'CPU 0', cpus: [1], status: 'pinned', reason: null },
    ]);
  });

  it('leaves SMT siblings idle while cores suffice', () => {
    const plan = planPins('auto', machine({ sockets: 1, cores: 4, threads: 2 }), usual);
    expect(cpusOf(plan)).toEqual([[3], [2], [1]]);
    expect(plan.every(({ status }) => status === 'pinned')).toBe(true);
  });

  it('takes CPU 0 for the last when every core is needed', () => {
    expect(cpusOf(planPins('auto', machine({ sockets: 1, cores: 3, threads: 1 }), usual))).toEqual([[0], [2], [1]]);
  });

  it('keeps roles that talk to each other under one cache', () => {
    const topology = machine({ sockets: 2, cores: 3, threads: 1 });
    // Socket 0 has two cores beside that of CPU 0, socket 1 has three.
    expect(cpusOf(planPins('auto', topology, usual))).toEqual([[5], [4], [3]]);
    expect(cpusOf(planPins('auto', topology, usual.slice(1)))).toEqual([[2], [1]]);
  });

  it('shares what there is too little of, from the least important up, and says with whom', () => {
    const plan = planPins('auto', machine({ sockets: 1, cores: 2, threads: 1 }), usual);
    expect(plan).toEqual([
      {
        role: 'server',
        name: 'iperf3',
        cpus: [0],
        status: 'shared',
        reason: 'the core of CPU 0 also has vmm qemu: 2 usable cores for 3',
      },
      {
        role: 'vmm',
        name: 'qemu',
        cpus: [0],
        status: 'shared',
        reason: 'the core of CPU 0 also has server iperf3: 2 usable cores for 3',
      },
      { role: 'vcpu', name: 'CPU 0', cpus: [1], status: 'pinned', reason: null },
    ]);
  });

  it('shares a core by its SMT siblings before it shares a CPU', () => {
    const plan = planPins('auto', machine({ sockets: 1, cores: 2, threads: 2 }), usual);
    expect(cpusOf(plan)).toEqual([[2], [0], [1]]);
    expect(plan.map(({ status }) => status)).toEqual(['shared', 'shared', 'pinned']);
  });

  it('keeps to the CPUs that this process may use', () => {
    const topology = machine({ sockets: 1, cores: 8, threads: 1, allowed: [2, 6] });
    const plan = planPins('auto', topology, usual);
    expect(new Set(cpusOf(plan).flat())).toEqual(new Set([2, 6]));
  });

  it('gives each vCPU a core of its own', () => {
    const roles = [wish('vcpu', '0'), wish('vcpu', '1'), wish('vmm'), wish('client')];
    expect(cpusOf(planPins('auto', machine({ sockets: 1, cores: 8, threads: 1 }), roles))).toEqual([
      [1],
      [2],
      [3],
      [4],
    ]);
  });

  it('never gives two roles one core while there are enough, on any machine', () => {
    const shape = fc.record({
      sockets: fc.integer({ min: 1, max: 3 }),
      cores: fc.integer({ min: 1, max: 6 }),
      threads: fc.integer({ min: 1, max: 2 }),
    });
    const names = fc.array(fc.constantFrom<PinnedRole>('vcpu', 'vmm', 'vhost', 'client', 'server'), { maxLength: 8 });
    fc.assert(
      fc.property(shape, names, fc.infiniteStream(fc.boolean()), (made, roles, coins) => {
        const whole = machine(made);
        const allowed = whole.present.filter(() => coins.next().value === true);
        const topology = { ...whole, allowed };
        const plan = planPins(
          'auto',
          topology,
          roles.map((role, index) => wish(role, String(index))),
        );
        const coreOf = (cpu: number | undefined): string | undefined => whole.cpus.find((one) => one.cpu === cpu)?.core;
        const usable = new Set(allowed.map(coreOf)).size;
        const used = new Set(plan.map(({ cpus }) => coreOf(cpus[0]))).size;
        expect(plan).toHaveLength(usable === 0 ? 0 : roles.length);
        expect(used).toBe(Math.min(usable, plan.length));
        for (const { cpus } of plan) expect(allowed).toContain(cpus[0]);
        expect(plan.some(({ status }) => status === 'shared')).toBe(usable > 0 && usable < roles.length);
      }),
    );
  });
});

describe('planPins with a map', () => {
  const topology = machine({ sockets: 1, cores: 4, threads: 2 });

  it('does as asked, and leaves roles alone that it does not name', () => {
    expect(planPins({ vcpu: [2], vmm: [1, 3] }, topology, usual)).toEqual([
      { role: 'vmm', name: 'qemu', cpus: [1, 3], status: 'pinned', reason: null },
      { role: 'vcpu', name: 'CPU 0', cpus: [2], status: 'pinned', reason: null },
    ]);
  });

  it('gives as many CPUs as vCPUs one each, and else all to all', () => {
    const vcpus = [wish('vcpu', '0'), wish('vcpu', '1')];
    expect(cpusOf(planPins({ vcpu: [3, 1] }, topology, vcpus))).toEqual([[3], [1]]);
    expect(cpusOf(planPins({ vcpu: [1, 2, 3] }, topology, vcpus))).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
  });

  it('sees that SMT siblings are one core', () => {
    const [vmm] = planPins({ vcpu: [2], vmm: [6] }, topology, usual);
    expect(vmm).toMatchObject({ status: 'shared', reason: 'the core of CPU 6 also has vcpu CPU 0' });
  });

  it('refuses CPUs that the machine lacks or has offline', () => {
    const offline = { ...topology, cpus: topology.cpus.filter(({ cpu }) => cpu !== 3) };
    expect(planPins({ server: [9], vmm: [3], vcpu: [1] }, offline, usual).map(({ reason }) => reason)).toEqual([
      'this machine has no CPU 9',
      'CPU 3 is offline',
      null,
    ]);
  });
});

describe('planPins none', () => {
  it('pins nothing', () => {
    expect(planPins('none', machine({ sockets: 1, cores: 2, threads: 1 }), usual)).toEqual([]);
  });
});

describe('demandCpus', () => {
  const topology = machine({ sockets: 1, cores: 2, threads: 1 });

  it('refuses an experiment that names CPUs of another machine, all at once', () => {
    expect(() => {
      demandCpus({ vcpu: [1, 7], server: [8] }, topology);
    }).toThrow(
      expect.objectContaining({
        code: 'EXPERIMENT_INVALID',
        message: 'prepare.pin.vcpu: this machine has no CPU 7; prepare.pin.server: this machine has no CPU 8',
        hint: 'CPUs that can be used: 0-1',
      }),
    );
  });

  it.each(['none', 'auto', { vcpu: [1] }] as const)('has nothing against %j', (pin) => {
    expect(() => {
      demandCpus(typeof pin === 'string' ? pin : { vcpu: [...pin.vcpu] }, topology);
    }).not.toThrow();
  });
});
