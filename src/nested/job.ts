import { quote } from '../guest/quote.ts';

/** One call of tapbench in the level-one machine. */
export interface NestedCommand {
  /** Names its files among the results: `NAME.stdout`, `NAME.stderr`, `NAME.status`. */
  readonly name: string;
  /** Arguments of tapbench. */
  readonly argv: readonly string[];
}

/** Where things lie in the level-one machine. */
export const nestedPaths = {
  /** The disk of the job. */
  job: '/job',
  /** tapbench itself. */
  tapbench: '/job/tapbench',
  /** Files of `TAPBENCH_VMM_DIR`. */
  vmms: '/vmm',
  /** All that is in it comes back to the host. */
  results: '/out',
  /** The store of all commands, among the results. */
  store: '/out/store',
} as const;

/** Owners by number and extended attributes, both when a folder is packed and when it is unpacked (tar(1)). */
export const treeOptions: readonly string[] = ['--numeric-owner', '--xattrs', '--xattrs-include=*'];

export interface JobOptions {
  readonly commands: readonly NestedCommand[];
  /** Node and its arguments up to the subcommand. */
  readonly tapbench: readonly string[];
  readonly hasVmms: boolean;
  /** Packed folders, by their path on the disk of the job, and where each is unpacked. */
  readonly trees: readonly { readonly folder: string; readonly path: string }[];
  /** Where the commands are run. Made if it is not there. */
  readonly workingFolder: string;
}

/** stderr goes to the host as it comes, past a reader that Ctrl-C does not end. */
function commandLines({ name, argv }: NestedCommand, tapbench: readonly string[]): string[] {
  const file = (suffix: string): string => quote([`${nestedPaths.results}/${name}.${suffix}`]);
  return [
    `${quote([...tapbench, ...argv])} >${file('stdout')} 2> >(trap '' INT; exec tee ${file('stderr')} >&3)`,
    `echo $? >${file('status')}`,
    // bash names the reader's process so: its file must be whole before the results are packed.
    'wait $!',
  ];
}

function unpackLines(folder: string, file: string): string[] {
  return [`mkdir -p ${quote([folder])}`, quote(['tar', '-x', ...treeOptions, '-p', '-C', folder, '-f', file])];
}

/** The bash script that the level-one machine runs: the commands one after another, whatever becomes of each; Ctrl-C ends them all. */
export function jobScript({ commands, tapbench, hasVmms, trees, workingFolder }: JobOptions): string {
  const environment = {
    PATH: '/usr/local/bin:/usr/bin:/usr/sbin',
    HOME: '/root',
    TAPBENCH_STORE: nestedPaths.store,
    TAPBENCH_NO_INSTALL: '1',
    NODE_COMPILE_CACHE: '/root/.cache/node',
    NO_COLOR: '1',
    ...(hasVmms ? { TAPBENCH_VMM_DIR: nestedPaths.vmms } : {}),
  };
  const exports = Object.entries(environment).map(([name, value]) => `export ${name}=${quote([value])}`);
  const steps = commands.map((command) =>
    ['if [ -z "$interrupted" ]; then', ...commandLines(command, tapbench).map((line) => `  ${line}`), 'fi'].join('\n'),
  );
  return `${[
    ...exports,
    `mkdir -p ${quote([nestedPaths.store, workingFolder])}`,
    ...trees.flatMap(({ folder, path }) => unpackLines(folder, `${nestedPaths.job}${path}`)),
    `cd ${quote([workingFolder])}`,
    'exec 3>&2',
    'interrupted=',
    // Node ends by itself when it has cleaned up; this shell must live to write its status.
    "trap 'interrupted=yes' INT",
    ...steps,
  ].join('\n')}\n`;
}
