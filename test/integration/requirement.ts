import { accessSync, constants } from 'node:fs';
import { describe, it } from 'vitest';
import { run } from '../../src/lab/process.ts';

/** What a test can need of the machine. */
export type Fact = 'root' | 'bpf' | 'tap' | 'kvm' | 'image' | 'settings';

type Describe = (title: string, body: () => void) => void;

/** Settings of the kernel that a machine lets be changed, or not: containers often have them read-only. */
const settingFiles = ['/sys/kernel/mm/transparent_hugepage/enabled', '/dev/cpu_dma_latency'];

const probeDeadlineMs = 30_000;

function isOpen(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** The first line of what the command complains of; null where it succeeds. */
async function complaint(argv: readonly string[]): Promise<string | null> {
  try {
    await run(argv, { deadlineMs: probeDeadlineMs });
    return null;
  } catch (error) {
    return (error instanceof Error ? error.message : String(error)).split('\n').at(-1) ?? 'it failed';
  }
}

/** How to know that a fact is missing here: the reason, or null. */
const checks: Readonly<Record<Fact, () => Promise<string | null>>> = {
  root: () => Promise.resolve(process.getuid?.() === 0 ? null : 'not root'),
  bpf: () => complaint(['bpftrace', '-e', 'BEGIN { exit(); } tracepoint:raw_syscalls:sys_enter { @ = count(); }']),
  tap: () => Promise.resolve(isOpen('/dev/net/tun') ? null : '/dev/net/tun can not be opened'),
  // Whether guests run on it only a boot can tell: that is the business of the test.
  kvm: () => Promise.resolve(isOpen('/dev/kvm') ? null : '/dev/kvm can not be opened'),
  settings: () => {
    const closed = settingFiles.find((path) => !isOpen(path));
    return Promise.resolve(closed === undefined ? null : `${closed} can not be written`);
  },
  image: () => complaint(['apt-cache', 'show', 'linux-image-cloud-amd64']),
};

const required = new Set((process.env['TAPBENCH_REQUIRE'] ?? '').split(',').map((fact) => fact.trim()));

async function missingFacts(facts: readonly Fact[]): Promise<{ fact: Fact; reason: string }[]> {
  const reasons = await Promise.all(facts.map(async (fact) => ({ fact, reason: await checks[fact]() })));
  return reasons.flatMap(({ fact, reason }) => (reason === null ? [] : [{ fact, reason }]));
}

/**
 * A `describe` for tests that need something of the machine. Where it is missing they are skipped and the title says what is
 * missing; where `TAPBENCH_REQUIRE` (names with commas) lists it, they fail instead.
 *
 *     const describeHere = await requireOrSkip('root', 'bpf');
 *     describeHere('the tracer', () => { ... });
 */
export async function requireOrSkip(...facts: Fact[]): Promise<Describe> {
  const missing = await missingFacts(facts);
  if (missing.length === 0) return (title, body) => void describe(title, body);
  const words = missing.map(({ fact, reason }) => `${fact}: ${reason}`).join('; ');
  if (!missing.some(({ fact }) => required.has(fact))) {
    return (title, body) => void describe.skip(`${title} [SKIPPED, missing ${words}]`, body);
  }
  return (title) => {
    describe(title, () => {
      it('finds on this machine what TAPBENCH_REQUIRE lists', () => {
        throw new Error(`missing ${words}`);
      });
    });
  };
}
