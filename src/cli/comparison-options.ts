import { Option } from 'commander';
import { z } from 'zod';
import type { CompareOptions } from '../api/compare.ts';
import { TapbenchError } from '../record/error.ts';
import { collect } from './command-parts.ts';

const formats = ['terminal', 'md', 'json', 'github'] as const;
export type ComparisonFormat = (typeof formats)[number];

/** What `compare` and `ab` are both told. */
export const comparisonOptions = z.object({
  threshold: z.array(z.string()),
  gate: z.array(z.string()),
  metric: z.array(z.string()),
  allMetrics: z.boolean().default(false),
  strict: z.boolean().default(false),
  format: z.enum(formats),
});

/** The flags of `comparisonOptions` for commander. */
export function comparisonFlags(): Option[] {
  const repeatable = (flags: string, description: string) =>
    new Option(flags, description).argParser(collect).default([], 'none');
  return [
    repeatable('--threshold <share>', 'smallest change that matters: 5%, or latency.p99=10% (repeatable)'),
    repeatable('--gate <gate>', 'what must hold, e.g. latency.p99<=+5% (repeatable)'),
    repeatable('--metric <name>', 'this metric in place of the main ones (repeatable)'),
    new Option('--all-metrics', 'every metric that both sides have'),
    new Option('--strict', 'refuse where the comparison is not fair'),
    new Option('--format <format>', 'how to print the comparison').choices(formats).default('terminal'),
  ];
}

/** A seed as it was typed. @throws TapbenchError `USAGE` */
export function readSeed(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seed = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(seed)) return seed;
  throw new TapbenchError('USAGE', `--seed ${text}: must be a whole number, 0 or more`);
}

/** For the API. */
export function compareOptionsOf(options: z.infer<typeof comparisonOptions>, seed: number | undefined): CompareOptions {
  const { threshold, gate, metric, allMetrics, strict } = options;
  return { thresholds: threshold, gates: gate, metrics: metric, isAllMetrics: allMetrics, isStrict: strict, seed };
}
