import { closest } from 'fastest-levenshtein';
import { type MetricDefinition, metricNamed, metrics } from '../derive/metrics.ts';
import { TapbenchError } from '../record/error.ts';

/** How many names a message offers. */
const mostNames = 3;

function nearestNames(name: string): string[] {
  const left = metrics.map((metric) => metric.name);
  const nearest: string[] = [];
  while (nearest.length < mostNames && left.length > 0) {
    // The last part of a name is what is remembered of it: `p99`, `systemCalls`.
    const contains = left.find((one) => one.toLowerCase().includes(name.toLowerCase()));
    const found = contains ?? closest(name, left);
    nearest.push(found);
    left.splice(left.indexOf(found), 1);
  }
  return nearest;
}

/**
 * The metric of a name that a user wrote.
 * @param where what it was written in, for the message: `--gate latency.p98<=+5%`
 * @throws TapbenchError `USAGE` with the nearest names
 */
export function knownMetric(name: string, where: string): MetricDefinition {
  const metric = metricNamed(name);
  if (metric !== null) return metric;
  const message = `${where}: there is no metric ${JSON.stringify(name)}; the nearest are ${nearestNames(name).join(', ')}`;
  throw new TapbenchError('USAGE', message, { hint: 'All names are in docs/comparing.md.' });
}
