import type { OutputReader } from '../../workload.ts';
import type { Iperf3Spec } from '../record.ts';
import { readIperf3Output } from './output.ts';
import { iperf3Reading } from './throughput.ts';

export const iperf3Reader: OutputReader<Iperf3Spec> = {
  read: (raw, spec) => Promise.resolve().then(() => iperf3Reading(readIperf3Output(raw, spec))),
};
