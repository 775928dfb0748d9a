import type { Command } from 'commander';
import { TapbenchError } from '../record/error.ts';

interface Word {
  readonly name: string;
  readonly description: string;
}

function subcommands(command: Command): Word[] {
  return command.commands.map((sub) => ({
    name: sub.name(),
    description: sub.summary() === '' ? sub.description() : sub.summary(),
  }));
}

function flags(command: Command): Word[] {
  return command.options.flatMap((option) =>
    option.long === undefined ? [] : [{ name: option.long, description: option.description }],
  );
}

/** Every path of subcommands, with what may follow it. The first is the program itself. */
function paths(command: Command, path: readonly string[] = []): { path: readonly string[]; words: Word[] }[] {
  const here = { path, words: [...subcommands(command), ...flags(command)] };
  return [here, ...command.commands.flatMap((sub) => paths(sub, [...path, sub.name()]))];
}

function bash(root: Command): string {
  const cases = paths(root).map(
    ({ path, words }) => `    '${path.join(' ')}') words='${words.map((word) => word.name).join(' ')}' ;;`,
  );
  return [
    '_tapbench() {',
    '  local path= word words=',
    '  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do',
    '    case $word in -*) ;; *) path="${path:+$path }$word" ;; esac',
    '  done',
    '  case $path in',
    ...cases,
    '  esac',
    '  mapfile -t COMPREPLY < <(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}")',
    '}',
    // Files are left to readline: it quotes their names, which could be commands.
    'complete -o default -F _tapbench tapbench ./tapbench',
  ].join('\n');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function zsh(root: Command): string {
  const cases = paths(root).map(
    ({ path, words }) =>
      `    ${quoted(path.join(' '))}) words=(${words.map((word) => quoted(`${word.name.replaceAll(':', '\\:')}:${word.description}`)).join(' ')}) ;;`,
  );
  return [
    '#compdef tapbench',
    '_tapbench() {',
    // Not `path`, which is PATH in zsh.
    "  local command='' word",
    '  local -a words_so_far; words_so_far=(${words[2,CURRENT-1]})',
    '  for word in $words_so_far; do [[ $word == -* ]] || command="${command:+$command }$word"; done',
    '  local -a words',
    '  case $command in',
    ...cases,
    '  esac',
    "  _describe 'tapbench' words || _files",
    '}',
    'compdef _tapbench tapbench',
  ].join('\n');
}

function fish(root: Command): string {
  const lines = paths(root).flatMap(({ path, words }) =>
    words.map(({ name, description }) => {
      const condition =
        path.length === 0
          ? '__fish_use_subcommand'
          : path.map((word) => `__fish_seen_subcommand_from ${word}`).join('; and ');
      const what = name.startsWith('--') ? `-l ${quoted(name.slice(2))}` : `-f -a ${quoted(name)}`;
      return `complete -c tapbench -n ${quoted(condition)} ${what} -d ${quoted(description)}`;
    }),
  );
  return lines.join('\n');
}

const writers: Readonly<Record<string, (root: Command) => string>> = { bash, zsh, fish };

/** The completions of one shell, made from the command line's own definition. @throws TapbenchError `USAGE` */
export function completions(shell: string, root: Command): string {
  const writer = writers[shell];
  if (writer === undefined)
    throw new TapbenchError('USAGE', `no completions for ${JSON.stringify(shell)}: bash, zsh or fish`);
  return writer(root);
}
