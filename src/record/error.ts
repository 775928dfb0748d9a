/** Every code an error of tapbench can carry, with the exit status of the process. `docs/errors.md` explains each; a test holds the two together. */
export const errorCodes = {
  USAGE: { exitStatus: 2, title: 'Wrong use of the command line' },
  EXPERIMENT_INVALID: { exitStatus: 2, title: 'The experiment cannot be used' },
  RUN_NOT_FOUND: { exitStatus: 2, title: 'No such run in the store' },
  ARCHIVE_REFUSED: { exitStatus: 2, title: 'The archive cannot be imported' },
  RESUME_REFUSED: { exitStatus: 2, title: 'The run cannot be resumed here' },
  NOT_COMPARABLE: { exitStatus: 2, title: 'The sides cannot be compared' },
  HOST_INCAPABLE: { exitStatus: 3, title: 'This machine lacks something the run needs' },
  HOST_BUSY: { exitStatus: 3, title: 'Another run is measuring on this machine' },
  FOLDER_UNSAFE: { exitStatus: 3, title: 'Others could change what a folder holds' },
  IMAGE_FAILED: { exitStatus: 3, title: 'The guest image could not be built or found' },
  STORE_FAILED: { exitStatus: 3, title: 'The store could not be read or written' },
  LAB_FAILED: { exitStatus: 4, title: 'The lab of a trial could not be set up' },
  PROCESS_FAILED: { exitStatus: 4, title: 'A command failed' },
  PROCESS_TIMED_OUT: { exitStatus: 4, title: 'A command did not end in time' },
  VMM_FAILED: { exitStatus: 4, title: 'The VMM ended or could not start' },
  GUEST_FAILED: { exitStatus: 4, title: 'The guest panicked, hung or powered off' },
  CHANNEL_FAILED: { exitStatus: 4, title: 'The channel to the guest broke' },
  TOOL_FAILED: { exitStatus: 4, title: 'A measuring tool failed' },
  PARSE_FAILED: { exitStatus: 4, title: 'The output of a tool could not be read' },
  PROBE_FAILED: { exitStatus: 4, title: 'A probe could not be read' },
  RECORD_INVALID: { exitStatus: 4, title: 'A stored record does not fit the schema' },
  OUTPUT_FAILED: { exitStatus: 4, title: 'The output could not be written' },
  TRIAL_FAILED: { exitStatus: 4, title: 'A trial failed or was void' },
  GATE_FAILED: { exitStatus: 1, title: 'A gate failed' },
  GATE_UNDECIDED: { exitStatus: 5, title: 'A gate cannot be told' },
  INTERRUPTED: { exitStatus: 130, title: 'Interrupted' },
} as const satisfies Record<string, { exitStatus: number; title: string }>;

export type ErrorCode = keyof typeof errorCodes;

export interface TapbenchErrorOptions {
  /** What to do next: one sentence, or the command that mends it. */
  readonly hint?: string;
  readonly cause?: unknown;
  /** What stands below the message, a line each: mistakes of a file, the last words of a program. */
  readonly lines?: readonly string[];
}

/** The base of every error that tapbench throws on purpose: what happened (`message`), its kind (`code`) and what to do next (`hint`). */
export class TapbenchError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | null;
  /** The message line by line. Other line breaks in it came with a text from outside, and are shown as such. */
  readonly lines: readonly string[];

  constructor(code: ErrorCode, message: string, options: TapbenchErrorOptions = {}) {
    const lines = [message, ...(options.lines ?? [])];
    super(lines.join('\n'), options.cause === undefined ? undefined : { cause: options.cause });
    this.lines = lines;
    this.name = 'TapbenchError';
    this.code = code;
    this.hint = options.hint ?? null;
  }

  /** The exit status that the command line gives for this error. */
  get exitStatus(): number {
    return errorCodes[this.code].exitStatus;
  }
}

/** A tool printed something that cannot be read. `path` is where in the output (a JSON path, or `line N`). */
export class ParseError extends TapbenchError {
  readonly file: string;
  readonly path: string;

  constructor(place: { file: string; path: string }, message: string, options: TapbenchErrorOptions = {}) {
    super('PARSE_FAILED', `${place.file}: ${place.path}: ${message}`, options);
    this.name = 'ParseError';
    this.file = place.file;
    this.path = place.path;
  }
}

/** An error of ours as a value, for what goes on without; any other is thrown on. */
export function refusalOf(error: unknown): TapbenchError {
  if (error instanceof TapbenchError) return error;
  throw error;
}
