import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../test/sample/temporary-folder.ts';
import { run } from '../lab/process.ts';
import { completions } from './completions.ts';

const root = new Command('tapbench');
root.command('import').option('--store <dir>', 'folder of the runs');

/** What a bash at a terminal does with keys; script(1) gives it the terminal. */
async function typed(folder: string, keys: string): Promise<string> {
  const env = { HOME: folder, TERM: 'dumb', INPUTRC: '/dev/null', HISTFILE: '' };
  const argv = ['script', '--quiet', '--command', 'bash --noprofile --norc -i', '/dev/null'];
  return (await run(argv, { cwd: folder, env, input: keys, deadlineMs: 20_000, acceptsFailure: true })).stdout;
}

it.each(['x;touch made', 'x$(touch made)', 'x`touch made`', 'x|touch made', 'x\'"\\ &touch made'])(
  'a file called %s is one argument once bash has completed it, and no command',
  async (name) => {
    await using folder = await temporaryFolder();
    writeFileSync(join(folder.path, name), '');
    writeFileSync(join(folder.path, '.completions'), completions('bash', root));
    const argument = 'tapbench() { printf "<%s>\\n" "$2"; }';
    const said = await typed(folder.path, `. ./.completions; ${argument}\ntapbench import x\t\nexit\n`);
    expect(readdirSync(folder.path).sort()).toEqual(['.completions', name]);
    expect(said).toContain(`<${name}>`);
  },
);

it('words of the command line are completed as ever', async () => {
  await using folder = await temporaryFolder();
  writeFileSync(join(folder.path, '.completions'), completions('bash', root));
  const said = await typed(
    folder.path,
    '. ./.completions; tapbench() { printf "<%s>" "$@"; }\ntapbench imp\t--st\t/x\nexit\n',
  );
  expect(said).toContain('<import><--store></x>');
});
