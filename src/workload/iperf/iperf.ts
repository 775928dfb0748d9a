import { z } from 'zod';
import { notedTransfer } from '../iperf3/noted.ts';
import { notedTransferShape } from '../iperf3/record.ts';
import type { NotedWorkload } from '../workload.ts';

const notedIperf = z.strictObject({ kind: z.literal('iperf'), ...notedTransferShape });

/** Version 2 of iperf3's forerunner, which only lab notes have. */
export const iperf = {
  kind: 'iperf',
  noted: notedIperf,
  ...notedTransfer,
  repeatable: () => ({ impossible: 'iperf 2 is not supported' }),
} satisfies NotedWorkload<z.infer<typeof notedIperf>>;
