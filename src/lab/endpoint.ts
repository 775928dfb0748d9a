import type { ProcessResult } from './process.ts';

/** A server that goes on after `start` returned. */
export interface RunningCommand {
  /** Process id as the endpoint itself numbers it. */
  readonly pid: number;
  /** Settles when it ended, by itself or by `stop`. */
  readonly ended: Promise<ProcessResult>;
  /** SIGTERM, then SIGKILL; resolves when it is gone. */
  stop(): Promise<ProcessResult>;
}

/** One end of a workload: a guest, or a network namespace of the host. */
export interface Endpoint {
  readonly name: string;
  readonly kind: 'guest' | 'namespace';
  /** Runs a command to its end. A non-zero exit status is a result, not an error; a deadline that passes is a `PROCESS_TIMED_OUT`. */
  run(argv: readonly string[], deadlineMs: number): Promise<ProcessResult>;
  start(argv: readonly string[]): Promise<RunningCommand>;
}
