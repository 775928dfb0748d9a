import { quote } from './quote.ts';

/** A command of several in one window, with a folder of the guest for what it leaves. */
export interface FolderCommand {
  readonly argv: readonly string[];
  readonly folder: string;
}

/** What makes the folders, empty. */
export function makeFolders(commands: readonly FolderCommand[]): string {
  const folders = quote(commands.map(({ folder }) => folder));
  return `rm -rf ${folders} && mkdir ${folders}`;
}

/** One command that runs them all at once and ends with the last of them, in silence. Beside them is only a shell that waits. */
export function together(commands: readonly FolderCommand[]): string[] {
  const begun = commands.map(({ argv, folder }, index) => {
    const [out, err] = [quote([`${folder}/stdout`]), quote([`${folder}/stderr`])];
    return `${quote(argv)} >${out} 2>${err} & c${String(index)}=$!`;
  });
  const ended = commands.map(({ folder }, index) => `wait $c${String(index)}; echo $? >${quote([`${folder}/status`])}`);
  return ['sh', '-c', [...begun, ...ended].join('; ')];
}

/** 128 + SIGKILL: it was still running when the window's time was up, and has no status. */
const killedStatus = 137;

/** What says what one of them left: its output as its own, with its exit status. */
export function leftIn(folder: string): string {
  const file = (name: string): string => quote([`${folder}/${name}`]);
  const status = `$(cat ${file('status')} 2>/dev/null || echo ${String(killedStatus)})`;
  return `cat ${file('stdout')}; cat ${file('stderr')} >&2; exit ${status}`;
}
