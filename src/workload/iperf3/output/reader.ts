import type { MeasuredThroughput } from '../../measured-figures.ts';
import type { OutputReader, RawOutput } from '../../workload.ts';
import type { Iperf3Spec } from '../record.ts';
import { dividedWays, joinedWays } from './both-ways.ts';
import { iperf3Json, oneWayOutput, outputName } from './output.ts';
import { iperf3Reading, throughputOf } from './throughput.ts';

function readThroughput(raw: RawOutput, spec: Iperf3Spec): MeasuredThroughput {
  const json = iperf3Json(raw, spec);
  if (spec.direction !== 'both') return throughputOf(oneWayOutput(json, spec));
  const { upload, download } = dividedWays(json, outputName);
  return joinedWays(throughputOf(oneWayOutput(upload, spec)), throughputOf(oneWayOutput(download, spec)));
}

export const iperf3Reader: OutputReader<Iperf3Spec> = {
  read: (raw, spec) => Promise.resolve().then(() => iperf3Reading(readThroughput(raw, spec))),
};
