import { appendFileSync, existsSync, readFileSync } from 'node:fs';
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
    only: { type: 'string', default: 'truth,truth-one-cpu,truth-beside-load,observer' },
    // Rounds of truth are added to this file, a line each, and the ratios are of all that are in it: a quiet machine is had in short stretches.
    samples: { type: 'string' },
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

/** Both sides of one round of `truth`. */
interface TruthRound {
  readonly part: string;
  readonly byHand: Sample;
  readonly tapbench: OurSample;
}

/** What earlier calls left in the file of samples. Its lines are our own. */
function keptRounds(part: string): TruthRound[] {
  if (values.samples === undefined || !existsSync(values.samples)) return [];
  return readFileSync(values.samples, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as TruthRound)
    .filter((round) => round.part === part);
}

/** Who begins alternates from round to round, so that drift falls on both alike. */
async function measuredRound(part: string, number: number): Promise<TruthRound> {
  const cpu = part === 'truth-one-cpu' ? 0 : null;
  const roles = cpu === null ? [] : ['vcpu', 'vmm', 'server'];
  const pins = roles.flatMap((role) => ['--set', `prepare.pin.${role}=${String(cpu)}`]);
  const ours = async (): Promise<OurSample> =>
    await withTapbench(seconds, ['--trace', 'off', '--set', 'vmm.accel=tcg', ...pins]);
  const early = number % 2 === 0 ? await ours() : null;
  const theirs = await byHand(seconds, cpu);
  const round = { part, byHand: theirs, tapbench: early ?? (await ours()) };
  say(`round ${String(number)} of ${String(pairs)}`);
  return round;
}

async function measuredRounds(part: string): Promise<TruthRound[]> {
  const rounds: TruthRound[] = [];
  for (let number = 1; number <= pairs; number++) {
    const round = await measuredRound(part, number);
    rounds.push(round);
    if (values.samples !== undefined) appendFileSync(values.samples, `${JSON.stringify(round)}\n`);
  }
  return rounds;
}

/** Somebody else's work: one core, in a session of its own. */
async function besideLoad(): Promise<void> {
  await using _load = await start(['sh', '-c', 'while :; do :; done']);
  await sameTruth('truth-beside-load', ' beside a program that takes one core');
}

async function sameTruth(part = 'truth', when = ''): Promise<void> {
  const rounds = [...keptRounds(part), ...(await measuredRounds(part))];
  const ratio = (pick: (one: Sample) => number): string =>
    ratioText(pairedRatio(rounds.map(({ byHand, tapbench }) => [pick(tapbench), pick(byHand)])));
  const ours = rounds.map(({ tapbench }) => tapbench);
  const goal = '0.98 to 1.02, interval within +-0.03';
  row(
    `throughput, tapbench / by hand${when}`,
    ratio((one) => one.bitsPerSecond),
    goal,
  );
  row(
    `latency p50, tapbench / by hand${when}`,
    ratio((one) => one.p50Ns),
    goal,
  );
  row(
    'wall time outside windows, tapbench / by hand',
    ratio((one) => one.outsideNs),
    'at most 1.3',
  );
  row(
    'wall time outside windows, by hand (median, s)',
    (median(rounds.map(({ byHand }) => byHand.outsideNs)) / 1e9).toFixed(2),
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
if (parts.has('truth-one-cpu')) await sameTruth('truth-one-cpu', ' on one CPU');
if (parts.has('truth-beside-load')) await besideLoad();
if (parts.has('observer')) await tracerCost();
