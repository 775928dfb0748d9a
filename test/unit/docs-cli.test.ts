import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { program } from '../../src/cli/program/program.ts';

const root = join(import.meta.dirname, '../..');
const doc = readFileSync(join(root, 'docs/cli.md'), 'utf8');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** Every command by what a user types for it. */
function commandsOf(command: Command, path: readonly string[] = []): [string, Command][] {
  const here = [...path, command.name()];
  return [[here.join(' '), command], ...command.commands.flatMap((sub) => commandsOf(sub, here))];
}

const commands = commandsOf(program());
const sections = new Map(
  doc
    .split(/^## /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf('\n')), section] as const),
);

/** `--store <dir>` of each row of a section's table. */
function flagsIn(section: string): string[] {
  return [...section.matchAll(/^\| `(--[^`]+)` \|/gm)].map((match) => match[1] ?? '').sort();
}

describe('docs/cli.md', () => {
  it('has a section for each command and for no other', () => {
    expect([...sections.keys()].sort()).toEqual(commands.map(([path]) => path).sort());
  });

  it.each(commands)('%s: has a row for each flag and for no other', (path, command) => {
    const own = command.options.map(({ flags }) => flags.replace(/^-\w, /, ''));
    // Every command has --help; only the program's own section says so.
    const expected = path === 'tapbench' ? [...own, '--help'] : own;
    expect(flagsIn(sections.get(path) ?? '')).toEqual(expected.sort());
  });

  it.each(commands)('%s: names its arguments', (path, command) => {
    const names = command.registeredArguments.map((argument) => {
      const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
      return argument.required ? `<${name}>` : `[${name}]`;
    });
    if (names.length > 0) expect(sections.get(path)).toContain(`\`${path} ${names.join(' ')}\``);
  });
});

describe('README.md', () => {
  it.each(commands.slice(1))('names %s', (path) => {
    expect(readme).toContain(path);
  });
});
