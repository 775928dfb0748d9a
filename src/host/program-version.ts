import { run } from '../lab/process.ts';

const deadlineMs = 10_000;
/** Kept of what a program says, in characters: helps are some thousand long. */
const collectLimit = 256 * 1024;

/** Programs that do not know `--version`, or print it elsewhere. */
const versionArguments: Readonly<Record<string, readonly string[]>> = {
  ip: ['-V'],
  tc: ['-V'],
  mke2fs: ['-V'],
  busybox: ['--help'],
};

/** With what a program is asked for its version. */
export function argumentsFor({ name, versionArguments: own }: VersionQuery): readonly string[] {
  return own ?? versionArguments[name] ?? ['--version'];
}

/** A longer answer is no version. It stands in each record of a run. */
export const longestVersion = 100;

/** The first thing in a program's output that looks like a version; its first line where nothing does. */
export function versionIn(output: string): string {
  const dotted = /(?<![\d.])\d+\.\d+[\w.+~-]*/.exec(output)?.[0].replace(/[.-]+$/, '');
  const plain = /\bversion (\d+)\b/.exec(output)?.[1];
  const firstLine = output.trim().split('\n')[0] ?? '';
  return dotted ?? plain ?? (firstLine === '' ? 'unknown' : firstLine);
}

export interface VersionQuery {
  readonly name: string;
  readonly versionArguments?: readonly string[];
  /** Its exit status then; absent: 0. */
  readonly versionStatus?: number;
  readonly parseVersion?: (output: string) => string;
  /** Whose words `parseVersion` reads: what one reader made of a file is not remembered for another. */
  readonly parser?: string;
}

function parsedVersion(parse: (output: string) => string, output: string): string {
  try {
    return parse(output);
  } catch {
    return versionIn(output);
  }
}

/** What a program says of its version; `unknown` where it doesn't answer, or with more than a version. */
export async function programVersion(path: string, query: VersionQuery): Promise<string> {
  const argv = [path, ...argumentsFor(query)];
  const result = await run(argv, {
    deadlineMs,
    collectLimit,
    acceptsFailure: true,
    endsGroup: true,
    env: { LC_ALL: 'C' },
  }).catch(() => null);
  // What a program says that does not know the question is no version.
  if (result?.exitStatus !== (query.versionStatus ?? 0)) return 'unknown';
  const output = result.stdout.trim() === '' ? result.stderr : result.stdout;
  const version = parsedVersion(query.parseVersion ?? versionIn, output);
  return version.length > longestVersion ? 'unknown' : version;
}
