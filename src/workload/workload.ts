import type { WorkloadSpec } from '../record/experiment.ts';
import type { MeasuredLatency, MeasuredThroughput } from './measured-figures.ts';

/** How to know that a server is ready: a socket of this kind listens on (TCP) or is bound to (UDP) this port in the server's network namespace. */
export interface Readiness {
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
}

export interface ServerCommand {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly ready: Readiness;
}

export interface ClientCommand {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Files that the client writes at its endpoint and that `parse` wants, by the name `parse` knows them under. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** Where a workload runs. */
export interface WorkloadPlace {
  readonly serverAddress: string;
  /** Folder at the client's endpoint that its files may go to. */
  readonly clientFolder: string;
  /** Keep a log of every message where the tool can: no in the short traced windows. */
  readonly keepsLog: boolean;
}

/** What a client left behind, all on the host by now. */
export interface RawOutput {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitStatus: number | null;
  /** Path on the host of each file in `ClientCommand.outputs`. */
  readonly files: Readonly<Record<string, string>>;
}

export interface ToolReading {
  readonly throughput: MeasuredThroughput | null;
  readonly latency: MeasuredLatency | null;
  /** Work done, for dividing costs: round trips, and payload bytes both ways. null where the tool does not say. */
  readonly messages: number | null;
  readonly payloadBytes: number | null;
}

/** One tool: its command lines, its readiness and the parser of its output. A workload knows no VMM. */
export interface Workload<S extends WorkloadSpec = WorkloadSpec> {
  readonly kind: S['kind'];
  /** Programs that both endpoints need on PATH. */
  readonly programs: readonly string[];
  server(spec: S, place: WorkloadPlace): ServerCommand;
  client(spec: S, place: WorkloadPlace): ClientCommand;
  /** From the first of the client's traffic proper to its last packet, in ns: pauses before it and summing up after it do not count. At least this long. */
  trafficNs(spec: S): number;
  /** How long after its start the client surely sends nothing of it yet, in ns: the link is not looked at so long. */
  silentNs(spec: S): number;
  /** What the client may print on stdout, and on stderr; one in a guest may print anything. */
  mostOutputBytes(spec: S): number;
  /** @throws ParseError where the output is empty, truncated or an error of the tool */
  parse(raw: RawOutput, spec: S): Promise<ToolReading>;
}
