import type { Workload } from '../workload.ts';
import { aroundTrafficNs, client, mostOutputBytes, server, silentNs, trafficNs } from './commands.ts';
import { type SockperfInFile, sockperfInFile } from './in-file.ts';
import { asked, deed, figures, printed, remark, repeatable, requests, settings, transfer, variant } from './noted.ts';
import { type NotedSockperf, notedSockperf, type SockperfSpec, sockperfSpec } from './record.ts';

/** Requests and their replies, or messages one way, with sockperf 3.7 or later. It exits 0 on errors too, so that they are known by their words. */
export const sockperf = {
  kind: 'sockperf',
  spec: sockperfSpec,
  noted: notedSockperf,
  figures,
  transfer,
  requests,
  asked,
  settings,
  deed,
  remark,
  variant,
  printed,
  repeatable,
  inFile: sockperfInFile,
  programs: [{ name: 'sockperf', debianPackage: 'sockperf', purpose: 'small requests', turns: [] }],
  server,
  client,
  trafficNs,
  aroundTrafficNs,
  silentNs,
  mostOutputBytes,
  reader: async () => (await import('./output/reader.ts')).sockperfReader,
} satisfies Workload<SockperfSpec, NotedSockperf, SockperfInFile>;
