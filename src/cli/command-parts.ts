import { Option } from 'commander';

/** Gathers the values of an option that may be given more than once. */
export const collect = (value: string, before: readonly string[]): string[] => [...before, value];

/** `--store`, the same for every command that has one. */
export const storeOption = (): Option => new Option('--store <dir>', 'folder of the runs').env('TAPBENCH_STORE');

/** The examples at the end of a command's help. */
export function examples(lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}
