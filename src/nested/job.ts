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
  /** tapbench itself. */
  tapbench: '/job/tapbench',
  /** Files of `TAPBENCH_VMM_DIR`. */
  vmms: '/vmm',
  /** All that is in it comes back to the host. */
  results: '/out',
  /** The store of all commands, among the results. */
  store: '/out/store',
} as const;

export interface JobOptions {
  readonly commands: readonly NestedCommand[];
  /** Node and its arguments up to the subcommand. */
  readonly tapbench: readonly string[];
  readonly hasVmms: boolean;
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

/** The bash script that the level-one machine runs: the commands one after another, whatever becomes of each; Ctrl-C ends them all. */
export function jobScript({ commands, tapbench, hasVmms, workingFolder }: JobOptions): string {
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
    `cd ${quote([workingFolder])}`,
    'exec 3>&2',
    'interrupted=',
    // Node ends by itself when it has cleaned up; this shell must live to write its status.
    "trap 'interrupted=yes' INT",
    ...steps,
  ].join('\n')}\n`;
}
