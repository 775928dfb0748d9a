import type { z } from 'zod';
import type { Latency } from '../record/latency.ts';
import type { RateSearch } from '../record/rate-search.ts';
import type { Throughput } from '../record/throughput.ts';
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
  /** What asks it to end, where it then says what the reader wants; absent: SIGTERM. */
  readonly endsBy?: 'SIGINT';
}

/** The command line that runs it with its variables. */
export function commandWords({ env, argv }: Pick<ClientCommand, 'env' | 'argv'>): readonly string[] {
  const assignments = Object.entries(env).map(([key, value]) => `${key}=${value}`);
  return assignments.length === 0 ? argv : ['env', ...assignments, ...argv];
}

export interface ClientCommand {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Files that the client writes at its endpoint and that the parser wants, by the name that it knows them under. */
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
  /** What the server printed; absent where there was none. */
  readonly serverStdout?: string;
}

export interface ToolReading {
  readonly throughput: MeasuredThroughput | null;
  readonly latency: MeasuredLatency | null;
  /** Work done, for dividing costs: round trips, and payload bytes both ways. null where the tool does not say. */
  readonly messages: number | null;
  readonly payloadBytes: number | null;
}

/** What a workload may be run for; the same names as in a measurement. */
export type FigureName = 'throughput' | 'latency';

/** What every workload of a record has. `durationNs` is null where a lab note does not say. */
export interface NotedBase {
  readonly kind: string;
  readonly name: string;
  readonly durationNs: number | null;
}

export interface SpecBase extends NotedBase {
  readonly durationNs: number;
}

/** A bulk transfer, as audits and reports see it. null: a lab note does not say. */
export interface Transfer {
  readonly durationNs: number | null;
  readonly protocol: 'tcp' | 'udp' | null;
  readonly streams: number | null;
  /** `both`: at once. */
  readonly direction: 'upload' | 'download' | 'both' | null;
  /** Leading part that is left out of the figures. */
  readonly omitNs: number | null;
  readonly bufferBytes: number | null;
}

/** Requests and their replies, as audits and reports see them. null: a lab note does not say. */
export interface Requests {
  readonly protocol: Latency['protocol'];
  /** `playback`: which only lab notes have. */
  readonly mode: Latency['mode'] | 'playback';
  readonly messageBytes: number | null;
}

/** What was asked for of a client's time, ns. */
export interface AskedTimes {
  /** The stretch of its figures. */
  readonly figuresNs: number;
  /** How long its traffic flows. */
  readonly runNs: number;
  /** How long it sends nothing before that; absent: it sends at once. */
  readonly pauseNs?: number;
}

/** How reports write a quantity. */
export interface Formats {
  readonly span: (ns: number) => string;
  readonly rate: (bitsPerSecond: number) => string;
  readonly size: (bytes: number) => string;
}

/** What a workload does, in the words of lab notes. */
export interface Deed {
  /** Behind `VM as client`, where the VM is the client. */
  readonly ofClient: string;
  /** Behind `VM as server`. */
  readonly ofServer: string;
  /** By itself. */
  readonly alone: string;
}

export interface PrintedFigures {
  readonly throughput: Throughput | null;
  readonly latency: Latency | null;
}

export interface PrintedText {
  /** Lines that the tool itself could have printed. */
  readonly lines: readonly string[];
  /** The same, where something is missing that the tool always prints. */
  readonly listed: readonly string[];
}

/** A workload of a lab note as an experiment's file has it, or why it can't be done again. */
export type Repeatable =
  | { readonly fields: Readonly<Record<string, string | number>>; readonly assumed: readonly string[] }
  | { readonly impossible: string };

/** What audits, reports and lab notes ask about a workload of a record. */
export interface WorkloadWords<N> {
  /** Which figures it is run for, the main one first. */
  figures(spec: N): readonly FigureName[];
  transfer(spec: N): Transfer | null;
  requests(spec: N): Requests | null;
  /** What was asked for; null where it isn't said. */
  asked(spec: N): AskedTimes | null;
  /** How it is run, in a few words each: what isn't said is left out. */
  settings(spec: N, formats: Formats): readonly string[];
  deed(spec: N): Deed;
  /** What its tool's figure is, where that may be misread. */
  remark(spec: N): string | null;
  /** What tells it from others of its kind, in a word or two; may be empty. */
  variant(spec: N): string;
  /** The figures as its tool prints them. */
  printed(figures: PrintedFigures): PrintedText;
  repeatable(spec: N): Repeatable;
}

/** A kind of workload that a record may have: what it keeps, and what is said of it. Lab notes have some that can't be run. */
export interface NotedWorkload<N extends NotedBase> extends WorkloadWords<N> {
  readonly kind: N['kind'];
  /** What a record keeps of it; null where it is not said. */
  readonly noted: z.ZodType<N>;
}

/** A program that both endpoints need on PATH. */
export interface WorkloadProgram {
  readonly name: string;
  readonly debianPackage: string;
  /** What it is there for: `bulk data`. */
  readonly purpose: string;
  /** What asks it for its version; absent: `--version`. */
  readonly versionArguments?: readonly string[];
  /** Its exit status then; absent: 0. */
  readonly versionStatus?: number;
  /** Its package starts a service where it is installed: the wrapper unpacks it instead. */
  readonly startsService?: true;
  /** Versions since which it is another instrument, oldest first. */
  readonly turns: readonly InstrumentTurn[];
}

export interface InstrumentTurn {
  /** Major and minor version. */
  readonly since: readonly [number, number];
  /** What it does since: `iperf3 runs its streams in threads`. */
  readonly what: string;
  /** Bytes that its threads carry while it sums up an interval are in no interval. */
  readonly losesIntervalBytes: boolean;
}

/** What is wrong with values that are each right by themselves. */
export interface KeyMistake {
  readonly key: string;
  readonly message: string;
}

/** What becomes of what users write. */
export interface WrittenWorkload<F, S> {
  mistake(written: F): KeyMistake | null;
  spec(written: F): S;
}

/** What users write of a workload. */
export interface WorkloadInFile<F, S> extends WrittenWorkload<F, S> {
  readonly schema: z.ZodType<F>;
  /** What each key is for, in one sentence, as editors show it. */
  readonly keys: Readonly<Record<string, string>>;
}

/** Reads what a client left. */
export interface OutputReader<S> {
  /**
   * @throws TapbenchError `TOOL_FAILED` where the tool says that it failed
   * @throws ParseError where its output is empty, truncated or contradicts itself
   */
  read(raw: RawOutput, spec: S): Promise<ToolReading>;
}

/** What came of one step of a search: of each flow its reading, or the words of its failure. */
export interface SearchStep {
  readonly flows: readonly (ToolReading | { readonly failure: string })[];
  /** Raw output kept beside the trial, relative to its folder. */
  readonly files: readonly string[];
}

/** Short runs in the same boot that find out what a window is run with. */
export interface WorkloadSearch<S> {
  readonly mostSteps: number;
  /** One of its steps: none takes longer. */
  readonly step: S;
  /** Pure: by all steps so far the next one, or what the window is run with. Ends after `mostSteps` at the latest. */
  next(done: readonly SearchStep[]): { readonly step: S } | { readonly found: S; readonly search: RateSearch };
}

/** How a workload is run. */
export interface WorkloadRun<S> {
  readonly programs: readonly WorkloadProgram[];
  /** null where the kernel of the other end answers by itself. */
  server(spec: S, place: WorkloadPlace): ServerCommand | null;
  client(spec: S, place: WorkloadPlace): ClientCommand;
  /** From the first of the client's traffic proper to its last packet, in ns: pauses before it and summing up after it do not count. At least this long. */
  trafficNs(spec: S): number;
  /** About how much longer the client takes on a slow guest: its start, connections, closing, ns. */
  readonly aroundTrafficNs: number;
  /** How long after its start the client surely sends nothing of it yet, in ns: the link is not looked at so long. */
  silentNs(spec: S): number;
  /** What the client may print on stdout, and on stderr; one in a guest may print anything. */
  mostOutputBytes(spec: S): number;
  /** null, or absent: the window is run as it was asked for. */
  search?(spec: S): WorkloadSearch<S> | null;
  /** A run has it loaded while its guest boots, not before. */
  reader(): Promise<OutputReader<S>>;
}

/** All that is known of one tool. A workload knows no VMM and no topology. */
export interface Workload<S extends SpecBase, N extends NotedBase, F> extends NotedWorkload<N>, WorkloadRun<S> {
  readonly kind: S['kind'] & N['kind'];
  /** What a record keeps of it where tapbench measured: every default filled in, base units. */
  readonly spec: z.ZodType<S>;
  readonly inFile: WorkloadInFile<F, S>;
}
