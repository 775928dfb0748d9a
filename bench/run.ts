import { parseArgs } from 'node:util';
import { start } from '../src/lab/process.ts';
import { byHand, type Sample } from './by-hand.ts';
import { observerEffect } from './observer-effect.ts';
import { median, pairedRatio, ratioText } from './ratio.ts';
import { type OurSample, withTapbench } from './with-tapbench.ts';

/** What the instrument itself costs, as ratios of interleaved runs. */
const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '8' },
    seconds: { type: 'string', default: '3' },
    only: { type: 'string', default: 'truth,truth-beside-load,observer' },
  },
});
const pairs = Number(values.pairs);
const seconds = Number(values.seconds);
const parts = new Set(values.only.split(','));

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function row(name: string, figure: string, goal: string): void {
  console.log(`${name.padEnd(58)} ${figure.padEnd(36)} ${goal}`);
}

/** Rounds in which each thing is done once, in an order that alternates, so that drift falls on all alike. */
async function interleaved<T>(
  rounds: number,
  things: Readonly<Record<string, () => Promise<T>>>,
): Promise<Map<string, T[]>> {
  const samples = new Map<string, T[]>(Object.keys(things).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    const names = round % 2 === 0 ? Object.keys(things) : Object.keys(things).toReversed();
    for (const name of names) {
      const thing = things[name];
      if (thing === undefined) continue;
      samples.get(name)?.push(await thing());
      say(`round ${String(round + 1)} of ${String(rounds)}: ${name}`);
    }
  }
  return samples;
}

function pairsOf<A, B>(ours: readonly A[], theirs: readonly B[], pick: (one: A | B) => number): [number, number][] {
  return ours.map((one, index) => [pick(one), theirs[index] === undefined ? Number.NaN : pick(theirs[index])]);
}

/** Somebody else's work: one core, in a session of its own. */
async function besideLoad(): Promise<void> {
  await using _load = await start(['sh', '-c', 'while :; do :; done']);
  await sameTruth(' beside a program that takes one core');
}

async function sameTruth(when = ''): Promise<void> {
  const samples = await interleaved<Sample | OurSample>(pairs, {
    'by hand': async () => await byHand(seconds),
    tapbench: async () => await withTapbench(seconds, ['--trace', 'off', '--set', 'vmm.accel=tcg']),
  });
  const theirs = samples.get('by hand') ?? [];
  const ours = (samples.get('tapbench') ?? []).filter((sample) => 'bootNs' in sample);
  const goal = '0.98 to 1.02, interval within +-0.03';
  row(
    `throughput, tapbench / by hand${when}`,
    ratioText(pairedRatio(pairsOf(ours, theirs, (one) => one.bitsPerSecond))),
    goal,
  );
  row(
    `latency p50, tapbench / by hand${when}`,
    ratioText(pairedRatio(pairsOf(ours, theirs, (one) => one.p50Ns))),
    goal,
  );
  row(
    'wall time outside windows, tapbench / by hand',
    ratioText(pairedRatio(pairsOf(ours, theirs, (one) => one.outsideNs))),
    'at most 1.3',
  );
  row(
    'wall time outside windows, by hand (median, s)',
    (median(theirs.map((one) => one.outsideNs)) / 1e9).toFixed(2),
    '',
  );
  row(
    'wall time outside windows, tapbench (median, s)',
    (median(ours.map((one) => one.outsideNs)) / 1e9).toFixed(2),
    'at most 3.5',
  );
  row(
    'exec of the VMM to guest ready (median, s)',
    (median(ours.map((one) => one.bootNs)) / 1e9).toFixed(2),
    'at most 1.2',
  );
  row(
    'CPU of tapbench in windows (median, % of a core)',
    (median(ours.map((one) => one.toolCpuShare)) * 100).toFixed(2),
    'at most 0.5',
  );
  row(
    'memory of tapbench (largest, MB)',
    (Math.max(...ours.map((one) => one.toolResidentBytes)) / 1e6).toFixed(0),
    'under 150',
  );
}

/** Tracers in turn within one boot: what a boot adds of its own would hide a difference of some percent. */
async function tracerCost(): Promise<void> {
  const samples = await observerEffect(pairs, seconds);
  const ratio = (name: string, other: string): string =>
    ratioText(pairedRatio(samples.map((sample) => [sample[name] ?? Number.NaN, sample[other] ?? Number.NaN])));
  for (const name of ['tracepoint alone', 'lab note script', 'our tracer']) {
    row(`latency p50, ${name} / untraced`, ratio(name, 'untraced'), 'near 1');
  }
  row('latency p50, our tracer / lab note script', ratio('our tracer', 'lab note script'), 'below 1');
}

if (parts.has('truth')) await sameTruth();
if (parts.has('truth-beside-load')) await besideLoad();
if (parts.has('observer')) await tracerCost();
