import { type MetricHistory, metricHistory } from '../../record/metric-history.ts';
import { jsonText } from '../text/printable.ts';

/**
 * What `history --json` prints.
 * @throws ZodError where the history does not fit its own schema: a defect of tapbench, never of the user
 */
export function historyJson(history: MetricHistory): string {
  return `${jsonText(metricHistory.parse(history), 2)}\n`;
}
