import type { z } from 'zod';
import { http } from './http/http.ts';
import { iperf } from './iperf/iperf.ts';
import { iperf3 } from './iperf3/iperf3.ts';
import { ping } from './ping/ping.ts';
import { sockperf } from './sockperf/sockperf.ts';
import { unknown } from './unknown/unknown.ts';

/** Every workload that can be run. A new one is one more line. */
export const workloads = [iperf3, sockperf, ping, http] as const;

/** What only lab notes have. */
export const notedOnly = [iperf, unknown] as const;

/** What an experiment runs that names no workload. */
export const usualKinds = [iperf3.kind, sockperf.kind] as const;

const [first, ...others] = workloads;
const [firstNoted, ...othersNoted] = [...workloads, ...notedOnly] as const;

/** What a record keeps of a workload that is to be measured, by kind. */
export const specSchemas = [first.spec, ...others.map(({ spec }) => spec)] as const;
/** What a record keeps of one that was, or that a lab note has. */
export const notedSchemas = [firstNoted.noted, ...othersNoted.map(({ noted }) => noted)] as const;
/** What users write of one. */
export const inFileSchemas = [first.inFile.schema, ...others.map(({ inFile }) => inFile.schema)] as const;

export type WorkloadSpec = z.infer<(typeof specSchemas)[number]>;
export type NotedSpec = z.infer<(typeof notedSchemas)[number]>;
export type WorkloadInFile = z.infer<(typeof inFileSchemas)[number]>;
