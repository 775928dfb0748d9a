import { accessSync, constants } from 'node:fs';
import { describe, it } from 'vitest';
import { candidateKernel } from '../../src/guest/image/kernel-package.ts';
import { tryNetwork } from '../../src/host/check/check-network.ts';
import { cacheFolder } from '../../src/host/folders.ts';
import { labRefusal } from '../../src/host/lab-refusal.ts';
import { findProgram } from '../../src/host/program.ts';
import { guestImage } from '../../src/preflight/image.ts';
import { tracingVerdict } from '../../src/preflight/tracing.ts';

/** What a test can need of the machine. */
export type Fact = 'root' | 'bpf' | 'tap' | 'apt' | 'image' | 'settings';

type Describe = (title: string, body: () => void) => void;

/** Settings of the kernel that a machine lets be changed, or not: containers often have them read-only. */
const settingFiles = ['/sys/kernel/mm/transparent_hugepage/enabled', '/dev/cpu_dma_latency'];

function isOpen(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Asked once for all tests of a file. */
const tracing = async (): Promise<string | null> => {
  const bpftrace = await findProgram('bpftrace', { cacheFolder: cacheFolder() });
  const { isUsable, reason } = await tracingVerdict({ bpftrace, isTimed: false, canRecall: true });
  return isUsable ? null : reason;
};

/** How to know that a fact is missing here: the reason, or null. */
const checks: Readonly<Record<Fact, () => Promise<string | null>>> = {
  root: () => Promise.resolve(process.getuid?.() === 0 ? null : 'not root'),
  bpf: tracing,
  tap: async () => labRefusal(true)?.reason ?? (await tryNetwork())('tap'),
  settings: () => {
    const closed = settingFiles.find((path) => !isOpen(path));
    return Promise.resolve(closed === undefined ? null : `${closed} can not be written`);
  },
  apt: async () =>
    await candidateKernel().then(
      () => null,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    ),
  image: async () =>
    await guestImage(() => undefined).then(
      () => null,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    ),
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
