import type { Finding } from '../record/finding.ts';
import type { Latency, LatencySpread } from '../record/latency.ts';
import type { WholeMeasurement } from '../record/measurement.ts';
import type { Audit, AuditContext } from './audit.ts';
import { amount, percent } from './quantity.ts';
import { apart, exactly, quotientOf, type Rounded, rounded, roundingText } from './rounding.ts';

const audit = 'spread-consistent';

/** sockperf prints microseconds with three decimals, and its coefficient of variation with as many; the log may give the unrounded figure beside it. */
const printed = { ns: 1, share: 0.0005 };
/** 0.995 quantile of the standard normal distribution, which sockperf approximates to 3e-5 of it. */
const normalQuantile995 = 2.5758;
/** Beyond rounding nothing is left but arithmetic; the quantile's approximation is far below this. */
const doubtAbove = 0.001;
/** No slip of rounding by a tool or a person: figures of two runs, or a mistyped digit. */
const voidAbove = 0.05;

interface Check {
  readonly name: string;
  readonly said: Rounded;
  readonly expected: Rounded;
  /** What a difference is a share of. */
  readonly scale: number;
}

/** A field of the latency with the rounding of a note, or of the tool. */
function reader(measurement: WholeMeasurement) {
  return (field: string, value: number): Rounded => {
    if (measurement.noted !== null) return rounded(measurement, `latency.${field}`, value);
    return { value, rounding: field.endsWith('coefficientOfVariation') ? printed.share : printed.ns };
  };
}

type Read = ReturnType<typeof reader>;

function errorChecks(read: Read, { halfRoundTripNs: half, messages }: Latency, spread: LatencySpread): Check[] {
  if (half.stddev === null || messages === null || messages === 0) return [];
  const said = read('spread.standardErrorNs', spread.standardErrorNs);
  const expected = quotientOf([read('halfRoundTripNs.stddev', half.stddev)], [exactly(Math.sqrt(messages))]);
  const checks = [{ name: 'standard error', said, expected, scale: expected.value }];
  if (half.mean === null) return checks;
  const mean = read('halfRoundTripNs.mean', half.mean);
  const scale = normalQuantile995 * expected.value;
  const rounding = mean.rounding + normalQuantile995 * expected.rounding;
  const ends = (['low', 'high'] as const).map((end) => ({
    name: `${end === 'low' ? 'lower' : 'upper'} end of the 99 % interval`,
    said: read(`spread.confidence99Ns.${end}`, spread.confidence99Ns[end]),
    expected: { value: mean.value + (end === 'low' ? -scale : scale), rounding },
    scale,
  }));
  return [...checks, ...ends];
}

function variationCheck(read: Read, { halfRoundTripNs: half }: Latency, spread: LatencySpread): Check[] {
  if (half.stddev === null || half.mean === null || half.mean === 0) return [];
  const said = read('spread.coefficientOfVariation', spread.coefficientOfVariation);
  const stddev = read('halfRoundTripNs.stddev', half.stddev);
  const expected = quotientOf([stddev], [read('halfRoundTripNs.mean', half.mean)]);
  return [{ name: 'coefficient of variation', said, expected, scale: expected.value }];
}

function quartileCheck(read: Read, { halfRoundTripNs: half }: Latency, spread: LatencySpread): Check[] {
  if (half.p25 === null || half.p75 === null) return [];
  const [low, high] = [read('halfRoundTripNs.p25', half.p25), read('halfRoundTripNs.p75', half.p75)];
  const expected = { value: (high.value - low.value) / 2, rounding: (high.rounding + low.rounding) / 2 };
  const said = read('spread.semiInterquartileRangeNs', spread.semiInterquartileRangeNs);
  return [{ name: 'semi-interquartile range', said, expected, scale: expected.value }];
}

/** The share by which a check fails; 0 where it holds. */
function failureOf({ said, expected, scale }: Check): number {
  const difference = apart(said, expected);
  return difference === 0
    ? 0
    : difference / Math.max(Math.abs(scale), Math.abs(said.value - expected.value), Number.MIN_VALUE);
}

/** The figures of spread follow from each other: standard error, coefficient of variation, 99 % interval and semi-interquartile range from deviation, mean, number and quartiles. */
export const spreadConsistent: Audit = {
  name: audit,
  holdsFor: 'flow',
  judge({ measurement }: AuditContext): Finding[] {
    const { latency } = measurement;
    if (latency === null || latency.spread === null) return [];
    const read = reader(measurement);
    const { spread } = latency;
    const checks = [errorChecks, variationCheck, quartileCheck].flatMap((of) => of(read, latency, spread));
    return checks.flatMap((check): Finding[] => {
      const share = failureOf(check);
      if (!(share > doubtAbove)) return [];
      const { name, said, expected } = check;
      const beyond = measurement.noted === null ? '' : roundingText(said, expected);
      const message = `the ${name} is given as ${amount(said.value)}, but the other figures give ${amount(expected.value)} (${percent(share)} apart${beyond})`;
      return [{ level: share > voidAbove ? 'void' : 'doubt', audit, message, concerns: ['latency'] }];
    });
  },
};
