import { monotonicNs } from '../../src/lab/clock.ts';
import { type StartedProcess, start } from '../../src/lab/process.ts';
import { SystemCallTracer } from '../../src/probe/system-calls/system-calls.ts';
import { median, pairedRatio, ratioText } from '../ratio.ts';

const counts = [1, 8, 64] as const;
const deadlineMs = 60_000;

/** From the start of bpftrace until every probe is attached, ns. */
async function attachNs(pids: readonly number[]): Promise<number> {
  const startNs = monotonicNs();
  await using _tracer = await SystemCallTracer.start({ pids, isTimed: false, deadlineMs });
  return monotonicNs() - startNs;
}

/** Idle, with as many threads as a VMM has: of one with a single thread the script would be shorter. */
const program = [process.execPath, '-e', 'setInterval(() => {}, 1e9)'];

/** Prints how long the one tracer takes to attach to several processes. They sleep: how much they do is not what this is about. */
export async function measureAttach(rounds: number): Promise<void> {
  await using made = new AsyncDisposableStack();
  const processes: StartedProcess[] = [];
  for (let index = 0; index < Math.max(...counts); index += 1) {
    processes.push(made.use(await start(program)));
  }
  const pids = processes.map(({ pid }) => pid);
  const times = counts.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, count] of counts.entries()) times[index]?.push(await attachNs(pids.slice(0, count)));
  }
  console.log('\n| processes | the one tracer attaches in | ratio to one process, with its 95 % interval |');
  console.log('|---|---|---|');
  const [one = []] = times;
  for (const [index, count] of counts.entries()) {
    const own = times[index] ?? [];
    const pairs = own.map((ns, round): [number, number] => [ns, one[round] ?? Number.NaN]);
    const ratio = index === 0 ? '' : ratioText(pairedRatio(pairs));
    console.log(`| ${String(count)} | ${(median(own) / 1e6).toFixed(0)} ms | ${ratio} |`);
  }
}
