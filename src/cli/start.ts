import './uncompiled-schemas.ts';
import { explain } from './output.ts';
import { parse } from './program/program.ts';

/** Runs a command line; the exit status. */
export async function main(argv: readonly string[]): Promise<number> {
  // Whatever the umask, nobody else may write to what we and our children make.
  process.umask(process.umask(0o077) | 0o022);
  try {
    await parse(argv);
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return explain(error);
  }
}
