import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { quantityPatterns, readDuration, readRate, readSize } from '../written/quantity.ts';
import { builtInFile, builtInNames, packageRoot } from './built-in.ts';
import { experimentJsonSchema } from './json-schema.ts';
import { descriptions } from './json-schema-descriptions.ts';

const file = join(packageRoot(), 'experiments/experiment.schema.json');

type Node = Readonly<Record<string, unknown>>;

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null;
}

/** Every object of the schema, with the pointer to it. */
function nodesOf(value: unknown, pointer = '#'): [string, Node][] {
  if (!isNode(value)) return [];
  return [[pointer, value], ...Object.entries(value).flatMap(([key, inner]) => nodesOf(inner, `${pointer}/${key}`))];
}

const nodes = new Map(nodesOf(JSON.parse(readFileSync(file, 'utf8'))));

describe('the JSON Schema of experiments', () => {
  it('is in the repository as the program makes it (mend with: tapbench schema > experiments/experiment.schema.json)', () => {
    expect(readFileSync(file, 'utf8')).toBe(`${JSON.stringify(experimentJsonSchema(), null, 2)}\n`);
  });

  it('describes every key, and none that there is not', () => {
    const bare = [...nodes].flatMap(([pointer, node]) =>
      /\/properties\/[^/]+$/.test(pointer) && !pointer.startsWith('#/properties/matrix/') && !('description' in node)
        ? [pointer]
        : [],
    );
    // Roles of a pin are described by the pin, what is otherwise at one end by the same keys of `vmm`.
    const isDescribedElsewhere = /\/pin\/|\/vmm\/properties\/(client|server)\//;
    expect(bare.filter((pointer) => !isDescribedElsewhere.test(pointer))).toEqual([]);
    expect(Object.keys(descriptions).length).toBeGreaterThan(50);
  });

  it('has a place for every reference', () => {
    const references = [...nodes.values()].flatMap((node) => (typeof node['$ref'] === 'string' ? [node['$ref']] : []));
    expect(references).toEqual(expect.arrayContaining(['#/properties/nic/properties/mtu']));
    expect(references.filter((reference) => !nodes.has(reference))).toEqual([]);
  });

  it('takes the short forms', () => {
    expect(nodes.get('#/properties/trace/anyOf/0')).toEqual({ enum: ['separate', 'inline', 'off', 'lab-note'] });
    expect(nodes.get('#/properties/nic/properties/offloads/anyOf/0')).toEqual({ enum: ['on', 'off', true, false] });
  });

  it.each([
    { kind: 'duration', read: readDuration, good: ['30s', '1.5 m', '500ms'], bad: ['30', '-1s', '3 sec', '1e3s'] },
    { kind: 'size', read: readSize, good: ['512M', '64B', '1 GiB'], bad: ['512', '512MB', 'M'] },
    { kind: 'rate', read: readRate, good: ['10Gbit/s', '1.5Mbit/s'], bad: ['10G', '10'] },
  ] as const)('has a pattern for a $kind that takes what the file takes', ({ kind, read, good, bad }) => {
    const pattern = new RegExp(quantityPatterns[kind]);
    for (const text of good) expect([pattern.test(text), 'value' in read(text)]).toEqual([true, true]);
    for (const text of bad) expect([pattern.test(text), 'value' in read(text)]).toEqual([false, false]);
  });

  it('is named by every built-in experiment', () => {
    for (const name of builtInNames()) {
      const text = readFileSync(builtInFile(name) ?? '', 'utf8');
      expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=./experiment.schema.json');
    }
  });
});
