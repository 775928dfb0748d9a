import { z } from 'zod';

/** Version of the JSON that `compare --format json` prints. */
export const comparisonVersion = 1;

export const interval = z.strictObject({ low: z.number(), high: z.number() });

/** A figure over boots. */
export const estimate = z.strictObject({
  /** Mean over boots, in the unit of the metric. */
  value: z.number(),
  /** 95 %; null where too few boots, or boots without any spread, say nothing of it. */
  interval: interval.nullable(),
  boots: z.int().positive(),
});
export type Estimate = z.infer<typeof estimate>;

export const verdict = z.enum(['better', 'worse', 'same', 'cannot-tell']);
export type Verdict = z.infer<typeof verdict>;

/** What the boots themselves show that makes a figure doubtful. */
export const sampleFlag = z.enum(['bimodal', 'drift', 'few-boots', 'zero-variance']);
export type SampleFlag = z.infer<typeof sampleFlag>;

/** What a side is of its ceiling; null: it has none, or no block that has both. */
const ceilingPart = z.strictObject({ ratio: z.number(), interval: interval.nullable() }).nullable();

/** One metric of one workload on two sides. */
export const metricComparison = z.strictObject({
  workload: z.string(),
  /** Name as in docs/metrics.md, such as `latency.p99`. */
  metric: z.string(),
  /** Unit of the values: `bit/s`, `ns`, `1`. */
  unit: z.string(),
  betterIs: z.enum(['higher', 'lower']),
  /** `figure`: what the path gives; `cost`: what it costs. */
  kind: z.enum(['figure', 'cost']),
  /** null: no boot of that side has this metric usable; `reason` says why. */
  baseline: estimate.nullable(),
  candidate: estimate.nullable(),
  /** candidate / baseline; null where it has no meaning. */
  ratio: z.number().nullable(),
  ratioInterval: interval.nullable(),
  /** Two-sided permutation test over boots. */
  pValue: z.number().nullable(),
  /** The same after Holm, over the metrics of this pair. */
  adjustedPValue: z.number().nullable(),
  isExact: z.boolean(),
  /** Smallest change that matters, as a share: 0.03 is 3 %. */
  threshold: z.number().positive(),
  verdict,
  /** Why, in one sentence. */
  reason: z.string(),
  /** What became of the boots that are not in it, such as `candidate: 5 usable, 1 void (stream-sum)`; null where all boots are. */
  missing: z.string().nullable(),
  /** Boots a side that would do to tell, by the spread seen; null where that can't be said, or there is a verdict. */
  bootsThatWouldDo: z.int().positive().nullable(),
  /** The smallest change that these boots would have shown with 80 % chance, as a share; null where their spread is not known or they are too few. */
  detectableChange: z.number().positive().nullable(),
  /** Of either side, or of both together (drift). */
  flags: z.array(sampleFlag),
  /** Times the ceiling of each side, by blocks. Absent where neither has one. */
  ofCeiling: z.strictObject({ baseline: ceilingPart, candidate: ceilingPart }).optional(),
});
export type MetricComparison = z.infer<typeof metricComparison>;

/**
 * What else differs between two sides. `asked`: a field of the configurations; `consequence`: follows from what was asked;
 * `unfair`: shapes the path or the tools and nobody asked for it; `note`: good to know.
 */
export const difference = z.strictObject({
  kind: z.enum(['asked', 'consequence', 'unfair', 'note']),
  /** Dotted path of the fact, such as `guest.kernelRelease`. */
  path: z.string(),
  baseline: z.string(),
  candidate: z.string(),
  /** What it means for the comparison; null where the path says it all. */
  meaning: z.string().nullable(),
});
export type Difference = z.infer<typeof difference>;

/** One thing that is compared: a configuration of a run. */
export const comparedSide = z.strictObject({
  label: z.string(),
  runId: z.string(),
  configuration: z.string(),
  /** ISO 8601. */
  startedAt: z.string(),
  /** Boots with at least one figure that can be used; without one, all void or failed. A boot that was repeated counts once. */
  boots: z.strictObject({ usable: z.int(), void: z.int(), failed: z.int() }),
});
export type ComparedSide = z.infer<typeof comparedSide>;

export const gateResult = z.strictObject({
  /** As the user wrote it. */
  gate: z.string(),
  /** Label of the candidate that it was held against. */
  candidate: z.string(),
  /** null: no workload that both sides have gives this metric. */
  workload: z.string().nullable(),
  status: z.enum(['pass', 'fail', 'cannot-tell']),
  reason: z.string(),
});
export type GateResult = z.infer<typeof gateResult>;

/** One candidate against its baseline. Two runs with the same configurations are compared configuration by configuration: each pair has a baseline of its own. */
export const comparedPair = z.strictObject({
  baseline: comparedSide,
  candidate: comparedSide,
  differences: z.array(difference),
  metrics: z.array(metricComparison),
});
export type ComparedPair = z.infer<typeof comparedPair>;

/** What `tapbench compare` gives. */
export const comparison = z.strictObject({
  comparisonVersion: z.literal(comparisonVersion),
  pairs: z.array(comparedPair).min(1),
  gates: z.array(gateResult),
  /** Seeds bootstrap and permutations: the same records give the same verdicts. */
  seed: z.int().nonnegative(),
});
export type Comparison = z.infer<typeof comparison>;
