import { explain } from './output.ts';
import { parse } from './program/program.ts';

/** Runs a command line; the exit status. */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    await parse(argv);
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return explain(error);
  }
}
