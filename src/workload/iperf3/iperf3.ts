import type { Workload } from '../workload.ts';
import { aroundTrafficNs, client, mostOutputBytes, server, trafficNs } from './commands.ts';
import { type Iperf3InFile, iperf3InFile } from './in-file.ts';
import { notedTransfer, repeatableTransfer } from './noted.ts';
import { type Iperf3Spec, iperf3Spec, type NotedIperf3, notedIperf3 } from './record.ts';
import { search } from './search.ts';

/**
 * Bulk transfer with iperf3 3.12 or later. Seen to differ between 3.12 and 3.21, neither of which matters to the parser:
 * with `-J`, 3.12 exits 0 even on an error (1 since 3.15), later ones add fields.
 */
export const iperf3 = {
  kind: 'iperf3',
  spec: iperf3Spec,
  noted: notedIperf3,
  ...notedTransfer,
  repeatable: repeatableTransfer,
  inFile: iperf3InFile,
  programs: [
    {
      name: 'iperf3',
      debianPackage: 'iperf3',
      purpose: 'bulk data',
      turns: [
        // Its release notes: each stream has a thread of its own, before, all share one. Bytes that go by between the reading of an interval's and their
        // reset (iperf_stats_callback and iperf_print_intermediate in iperf_api.c) are in none: 3.18 lost 1 to 3 % so on a busy host.
        { since: [3, 16], what: 'iperf3 runs its streams in threads', losesIntervalBytes: true },
      ],
    },
  ],
  server,
  client,
  trafficNs,
  aroundTrafficNs,
  silentNs: () => 0,
  mostOutputBytes,
  search,
  reader: async () => (await import('./output/reader.ts')).iperf3Reader,
} satisfies Workload<Iperf3Spec, NotedIperf3, Iperf3InFile>;
