import { type Latency, wholeRoundTrips } from '../../record/latency.ts';
import type { WholeMeasurement } from '../../record/measurement.ts';
import { keyName, type NotePartName, type NotePartValue } from '../../record/note-part.ts';
import type { SystemCalls } from '../../record/probe-readings.ts';
import type { Throughput } from '../../record/throughput.ts';
import { mainFigureOf } from '../../workload/questions.ts';
import { type ExactPart, exactPart } from '../exact-block.ts';
import type { LeftOutList } from './left-out.ts';
import { Reconciliation } from './reconciled.ts';

/** What the text says of a field that a command or a heading tells too is no figure: the part may know that it is not recorded. */
function unless<T extends object>(printed: T, exact: T, fields: readonly (keyof T)[]): T {
  const silent = fields.filter((field) => exact[field] === null).map((field) => [field, null] as const);
  return { ...printed, ...Object.fromEntries(silent) };
}

/** Counts of calls as a map prints them: by name of the thread and call. */
function totals({ threads }: SystemCalls, keyOf: (name: string) => string): Map<string, number> {
  const found = new Map<string, number>();
  for (const { machine, name, calls } of threads) {
    const names = [machine, name].filter((each) => each !== null && each !== undefined);
    const thread = names.length === 0 ? [] : [names.map(keyOf).join(', ')];
    for (const { name: call, request, count } of calls) {
      const key = JSON.stringify([...thread, call, request]);
      found.set(key, (found.get(key) ?? 0) + count);
    }
  }
  return found;
}

function haveSameTotals(printed: SystemCalls, exact: SystemCalls): boolean {
  const [a, b] = [totals(printed, (name) => name), totals(exact, keyName)];
  return a.size === b.size && [...a].every(([key, count]) => b.get(key) === count);
}

/** Puts the exact parts of one measurement in the place of what was read of its text. */
class ExactMeasurement {
  readonly #parts: readonly ExactPart[];
  readonly #leftOut: LeftOutList;
  readonly #rounding: Record<string, number>;
  readonly #held: Reconciliation[] = [];

  constructor(parts: readonly ExactPart[], rounding: Record<string, number>, leftOut: LeftOutList) {
    this.#parts = parts;
    this.#rounding = rounding;
    this.#leftOut = leftOut;
  }

  value<Name extends NotePartName>(name: Name): NotePartValue<Name> | null {
    return exactPart(this.#parts, name);
  }

  #lineOf(name: NotePartName): number {
    return this.#parts.find((part) => part.name === name)?.line ?? 1;
  }

  #hold(name: NotePartName): Reconciliation {
    const held = new Reconciliation(this.#rounding, this.#lineOf(name), this.#leftOut);
    this.#held.push(held);
    return held;
  }

  throughput(printed: Throughput | null): Throughput | null {
    const figures = this.value('throughput');
    if (figures === null) return printed;
    const exact: Throughput = {
      ...figures,
      streams: this.value('streams') ?? [],
      intervals: this.value('intervals') ?? [],
    };
    return this.#hold('throughput').of(
      printed === null ? null : unless(printed, exact, ['protocol']),
      exact,
      'throughput',
    );
  }

  latency(printed: Latency | null): Latency | null {
    const figures = this.value('latency');
    if (figures === null) return printed;
    const exact: Latency = { ...figures, roundTripNs: wholeRoundTrips(figures.halfRoundTripNs), histogram: null };
    const said = printed === null ? null : unless(printed, exact, ['protocol', 'mode', 'messageBytes']);
    return this.#hold('latency').of(said, exact, 'latency');
  }

  systemCalls(printed: SystemCalls | null): SystemCalls | null {
    const exact = this.value('systemCalls');
    if (exact === null || printed === null || haveSameTotals(printed, exact)) return exact ?? printed;
    this.#leftOut.add(this.#lineOf('systemCalls'), 'exact systemCalls', 'they contradict the counts in the text');
    return printed;
  }

  /** Of figures that were rounded before the report was written. */
  rounding(): Record<string, number> {
    const before = Object.entries(this.value('rounding') ?? {});
    const known = before.filter(([path]) => !this.#held.some((held) => held.isContradicted(path)));
    return { ...this.#rounding, ...Object.fromEntries(known) };
  }
}

/** Why parts are absent: the report's own reasons, and for what a report does not carry that it does not. */
function reasonsOf(
  measurement: WholeMeasurement,
  own: WholeMeasurement['notMeasured'] | undefined,
): WholeMeasurement['notMeasured'] {
  const { threads } = measurement;
  const reasons = Object.entries({ ...measurement.notMeasured, ...own });
  return Object.fromEntries(
    reasons.filter(([part]) => {
      const value = Object.entries(measurement).find(([name]) => name === part)?.[1];
      return part === 'threads' ? threads.length === 0 : value === null;
    }),
  );
}

/** The measurement with the exact parts of its section, as far as these do not contradict what the text says. What does is listed, and the text stands. */
export function withExactParts(
  measurement: WholeMeasurement,
  parts: readonly ExactPart[],
  leftOut: LeftOutList,
): WholeMeasurement {
  const { noted, spec } = measurement;
  if (parts.length === 0 || noted === null) return measurement;
  const fitting = parts.filter(({ name, line }) => {
    const isOther = mainFigureOf(spec) === 'throughput' ? name === 'latency' : name === 'throughput';
    if (isOther) leftOut.add(line, `exact ${name}`, 'the output is of another kind of tool');
    return !isOther;
  });
  const exact = new ExactMeasurement(fitting, { ...noted.rounding }, leftOut);
  const origin = exact.value('measurement');
  const vmmMemory = exact.value('vmmMemory');
  const isMemoryTold = vmmMemory !== null || origin?.notMeasured.vmmMemory !== undefined;
  const search = exact.value('search');
  const told: WholeMeasurement = {
    ...measurement,
    throughput: exact.throughput(measurement.throughput),
    latency: exact.latency(measurement.latency),
    systemCalls: exact.systemCalls(measurement.systemCalls),
    threads: exact.value('threads') ?? measurement.threads,
    kvmExits: exact.value('kvmExits'),
    vmmCounters: exact.value('vmmCounters'),
    vmmErrors: exact.value('vmmErrors'),
    ...(isMemoryTold ? { vmmMemory } : {}),
    link: exact.value('link'),
    window: origin?.window ?? null,
    work: origin?.work ?? measurement.work,
    consoleBytes: origin?.consoleBytes ?? null,
    ...(search === null ? {} : { search }),
    ...(origin?.underLoad === undefined ? {} : { underLoad: origin.underLoad }),
  };
  return {
    ...told,
    notMeasured: reasonsOf(told, origin?.notMeasured),
    noted: { ...noted, rounding: exact.rounding() },
  };
}
