import { type MetricHistory, metricHistory } from '../../record/metric-history.ts';

/**
 * What `history --json` prints.
 * @throws ZodError where the history does not fit its own schema: a defect of tapbench, never of the user
 */
export function historyJson(history: MetricHistory): string {
  return `${JSON.stringify(metricHistory.parse(history), null, 2)}\n`;
}
