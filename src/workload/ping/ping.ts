import type { Workload } from '../workload.ts';
import { client, mostOutputBytes, trafficNs } from './commands.ts';
import { type PingInFile, pingInFile } from './in-file.ts';
import { asked, deed, printed, repeatable, requests, settings } from './noted.ts';
import { type NotedPing, notedPing, type PingSpec, pingSpec } from './record.ts';

/** Echo requests with ping of iputils: round trips as the kernel of the other end answers them, without a server. */
export const ping = {
  kind: 'ping',
  spec: pingSpec,
  noted: notedPing,
  figures: () => ['latency'],
  transfer: () => null,
  requests,
  asked,
  settings,
  deed,
  remark: () => "ping's own figure is a whole round trip, the tables have half of it",
  variant: () => '',
  printed,
  repeatable,
  inFile: pingInFile,
  programs: [
    {
      name: 'ping',
      debianPackage: 'iputils-ping',
      purpose: "round trips that the other end's kernel answers",
      turns: [],
    },
  ],
  server: () => null,
  client,
  trafficNs,
  aroundTrafficNs: 0.5e9,
  silentNs: () => 0,
  mostOutputBytes,
  reader: async () => (await import('./output/reader.ts')).pingReader,
} satisfies Workload<PingSpec, NotedPing, PingInFile>;
