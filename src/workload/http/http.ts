import { wholeSecondsNs } from '../whole-seconds.ts';
import type { Workload } from '../workload.ts';
import { client } from './client.ts';
import { type HttpInFile, httpInFile } from './in-file.ts';
import { asked, deed, printed, repeatable, requests, settings, variant } from './noted.ts';
import { type HttpSpec, httpSpec, type NotedHttp, notedHttp } from './record.ts';
import { server } from './server.ts';

/** Requests over HTTP: nginx serves one file from memory, wrk asks for it over connections that it keeps, or over a new one each time. */
export const http = {
  kind: 'http',
  spec: httpSpec,
  noted: notedHttp,
  figures: () => ['latency'],
  transfer: () => null,
  requests,
  asked,
  settings,
  deed,
  remark: () =>
    "wrk's own figure is a whole round trip, the tables have half of it; it asks again only when it was answered, so that a slow server is asked less often (coordinated omission)",
  variant,
  printed,
  repeatable,
  inFile: httpInFile,
  programs: [
    {
      name: 'nginx',
      debianPackage: 'nginx',
      purpose: 'HTTP server',
      turns: [],
      versionArguments: ['-v'],
      startsService: true,
    },
    {
      name: 'wrk',
      debianPackage: 'wrk',
      purpose: 'HTTP client',
      turns: [],
      versionArguments: ['-v'],
      // It says its version, and how it is called.
      versionStatus: 1,
    },
  ],
  server,
  client,
  trafficNs: ({ durationNs }: HttpSpec) => wholeSecondsNs(durationNs),
  // Its threads look every 100 ms whether it is over; then it sums up, which takes a second on a slow guest.
  aroundTrafficNs: 1.5e9,
  silentNs: () => 0,
  // A line of times: about 10 bytes each, of which a slow path has some ten thousand.
  mostOutputBytes: () => 4 * 1024 ** 2,
  reader: async () => (await import('./output/reader.ts')).httpReader,
} satisfies Workload<HttpSpec, NotedHttp, HttpInFile>;
