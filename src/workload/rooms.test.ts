import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { workloadPrograms } from './programs.ts';
import { notedOnly, workloads } from './workloads.ts';

const source = join(import.meta.dirname, '..');
const kinds: readonly string[] = [...workloads, ...notedOnly].map(({ kind }) => kind);

/** Every file of the program but the rooms themselves, and tests. */
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
  (name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.startsWith('workload/'),
);

/** `file: text` of what a pattern finds in the program outside of the rooms. */
function found(pattern: RegExp, among = files): string[] {
  return among.flatMap((name) =>
    [...readFileSync(join(source, name), 'utf8').matchAll(pattern)].map(([text]) => `${name}: ${text}`),
  );
}

describe('the rooms of the workloads', () => {
  it('are asked: nobody else decides by the kind of a workload', () => {
    expect(files.length).toBeGreaterThan(500);
    const named = kinds.join('|');
    const decisions = new RegExp(String.raw`\bkind(?:\)|\])? *[!=]== *'(?:${named})'|\bcase '(?:${named})'`, 'g');
    expect(found(decisions)).toEqual([]);
    // A lab note may hold the text of any tool, also of those that can't be run.
    const others = files.filter((name) => !name.startsWith('lab-note/'));
    const own = [...kinds.filter((kind) => kind !== 'unknown'), ...workloadPrograms.map(({ name }) => name)];
    const words = new RegExp(String.raw`(['"])(?:${own.join('|')})\1`, 'g');
    expect(found(words, others)).toEqual([]);
  });

  it('each have a folder of their own, named as users name the workload', () => {
    const folders = readdirSync(import.meta.dirname, { withFileTypes: true });
    expect(
      folders.flatMap((entry) => (entry.isDirectory() && entry.name !== 'output' ? [entry.name] : [])).sort(),
    ).toEqual([...kinds].sort());
  });

  it('say of each key what it is for', () => {
    for (const { inFile } of workloads) {
      expect(Object.keys(inFile.keys)).toEqual(Object.keys(inFile.schema.shape));
    }
  });

  it('give their programs to the wrapper, which installs them', () => {
    const wrapper = readFileSync(join(source, '../tapbench'), 'utf8');
    const services = workloadPrograms.filter(({ startsService }) => startsService === true);
    expect(wrapper).toContain(`\nservices='${services.map(({ debianPackage }) => debianPackage).join(' ')}'\n`);
    for (const { name, debianPackage, isVital } of workloadPrograms) {
      const needs = isVital ? 'run,ab,reproduce,shell,image -' : '- +run,ab,reproduce,shell,image';
      expect(wrapper).toMatch(new RegExp(`^${name} +${debianPackage} +${needs}$`, 'm'));
    }
  });
});
