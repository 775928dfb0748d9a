/**
 * What tracing adds to one system call, in ns, by how it is done: `node bench/tracing-cost/run.ts [rounds]`. Needs root and bpftrace.
 * Every round runs every variant once, in an order that moves on by one each round; a cost is the median over rounds of the
 * difference to the untraced run of the same round, with the distribution-free interval of the median at 95 % or more.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type StartedProcess, start } from '../../src/lab/process.ts';
import { startBpftrace } from '../../src/probe/bpftrace.ts';
import { firstComplaint } from '../../src/record/complaint.ts';
import { type Variant, variants } from './variants.ts';

/** The shell prints CPU time in steps of 10 ms: 2.5 ns a call. */
const iterations = 2_000_000;
const attachDeadlineMs = 30_000;
const defaultRounds = 9;
const mark = 'bench: attached';

async function untilAttached(tracer: StartedProcess): Promise<boolean> {
  if (tracer.stdout === null) return false;
  const lines = createInterface({ input: tracer.stdout });
  const deadline = setTimeout(() => void tracer.stop(), attachDeadlineMs);
  try {
    for await (const line of lines) if (line.includes(mark)) return true;
    return false;
  } finally {
    clearTimeout(deadline);
  }
}

/** The tracer, attached; a text says why it can't be. */
async function attach(variant: Variant, pid: number, folder: string): Promise<StartedProcess | string> {
  const file = join(folder, 'script.bt');
  // Only one BEGIN is allowed, and the probe's script has its own.
  const own = variant.script?.(pid) ?? '';
  const script = own.includes('BEGIN {')
    ? own.replace('BEGIN {', `BEGIN { printf("${mark}\\n");`)
    : `BEGIN { printf("${mark}\\n"); } ${own}`;
  writeFileSync(file, script);
  const tracer = await startBpftrace(['-f', 'json', file], { stdout: 'pipe' });
  if (await untilAttached(tracer)) return tracer;
  const { stderr } = await tracer.stop();
  return firstComplaint(stderr) ?? 'bpftrace did not attach';
}

/** Prints its child's pid, lets it begin after a line on stdin, and prints the CPU time of its children when it has ended. */
const programText = `exec 3<&0
sh -c 'read go <&3; exec taskset -c 1 dd if=/dev/zero of=/dev/null bs=1 count=${String(iterations)} 2>/dev/null' &
echo $!; wait; times`;

/** CPU time of one call of `dd` under the variant, ns, or why there is none. Not wall time: others work on this machine too. */
async function measure(variant: Variant, folder: string): Promise<number | string> {
  await using program = await start(['sh', '-c', programText], { stdin: 'pipe', stdout: 'pipe', env: { LC_ALL: 'C' } });
  if (program.stdout === null) return 'no pipe';
  const lines = createInterface({ input: program.stdout })[Symbol.asyncIterator]();
  const nextLine = async (): Promise<string> => String((await lines.next()).value);
  const pid = Number(await nextLine());
  const tracer = variant.script === null ? null : await attach(variant, pid, folder);
  if (typeof tracer === 'string') return tracer;
  program.stdin?.write('go\n');
  await nextLine();
  const childTimes = await nextLine();
  tracer?.signal('SIGKILL');
  await tracer?.ended;
  const times = [...childTimes.matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds),
  );
  const seconds = times.reduce((sum, time) => sum + time, 0);
  return seconds > 0 ? (seconds / (2 * iterations)) * 1e9 : `times printed ${childTimes}`;
}

/** Ranks (from 0) whose values enclose the median at 95 % or more by the binomial distribution; the whole range where n is too small. */
function medianInterval(sorted: readonly number[]): [number, number] {
  const n = sorted.length;
  let tail = 0;
  let rank = 0;
  for (let k = 0, choose = 1; k < n; k += 1, choose = (choose * (n - k + 1)) / k) {
    tail += choose * 0.5 ** n;
    if (tail > 0.025) break;
    rank = k;
  }
  return [sorted[rank] ?? Number.NaN, sorted[n - 1 - rank] ?? Number.NaN];
}

function median(sorted: readonly number[]): number {
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
}

const rounds = Number(process.argv[2] ?? defaultRounds);
const folder = mkdtempSync(join(tmpdir(), 'tapbench-bench-'));
const results = new Map<string, (number | string)[]>(variants.map(({ name }) => [name, []]));
try {
  for (let round = 0; round < rounds; round += 1) {
    const order = variants.map((_, index) => variants[(index + round) % variants.length]);
    for (const variant of order) {
      if (variant !== undefined) results.get(variant.name)?.push(await measure(variant, folder));
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

const untraced = results.get('untraced') ?? [];
console.log(
  `One system call of dd (read and write of one byte, mean of both), ${String(rounds)} interleaved rounds of ${String(iterations)} each\n`,
);
console.log('| traced by | ns a call | added, ns (95 % interval) | to untraced |\n|---|---|---|---|');
for (const [name, values] of results) {
  const reason = values.find((value) => typeof value === 'string');
  if (reason !== undefined) {
    console.log(`| ${name} | not here: ${reason} | | |`);
    continue;
  }
  const total = values.map(Number).toSorted((a, b) => a - b);
  const added = values.map((value, round) => Number(value) - Number(untraced[round])).toSorted((a, b) => a - b);
  const ratios = values.map((value, round) => Number(value) / Number(untraced[round])).toSorted((a, b) => a - b);
  const [low, high] = medianInterval(added);
  console.log(
    `| ${name} | ${median(total).toFixed(0)} | ${median(added).toFixed(0)} (${low.toFixed(0)} to ${high.toFixed(0)}) | ${median(ratios).toFixed(2)} |`,
  );
}
