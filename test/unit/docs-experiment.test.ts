import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { builtInNames } from '../../src/experiment/built-in.ts';
import { loadExperiment } from '../../src/experiment/file/experiment-file.ts';
import { experimentFile, oneWorkload, severalWorkloads } from '../../src/experiment/file/schema.ts';
import { drivers } from '../../src/vmm/drivers.ts';
import { temporaryFolder } from '../sample/temporary-folder.ts';

const doc = readFileSync(join(import.meta.dirname, '../../docs/experiment.md'), 'utf8');

/** What a value is once defaults, null and short forms are put aside. */
function bare(schema: unknown): unknown {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) return bare(schema.unwrap());
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodOptional) return bare(schema.unwrap());
  if (schema instanceof z.ZodPipe && schema.in instanceof z.ZodTransform) return bare(schema.out);
  return schema;
}

/** Whether a map takes keys that it does not name. */
function isOpen(schema: unknown): boolean {
  return (
    schema instanceof z.ZodObject && schema.def.catchall !== undefined && !(schema.def.catchall instanceof z.ZodNever)
  );
}

/** Dotted paths of every key that is no map; workloads by their kind. */
function pathsOf(schema: unknown, path: readonly string[] = []): string[] {
  const inner = bare(schema);
  // They have the keys of `vmm`.
  if (/^vmm\.(client|server)$/.test(path.join('.'))) return [path.join('.')];
  if (inner instanceof z.ZodObject) {
    const shape: Record<string, unknown> = inner.shape;
    const keys = Object.entries(shape).flatMap(([key, value]) => pathsOf(value, [...path, key]));
    // Keys of a user's choice, as the matrix has them.
    return isOpen(inner) ? [...keys, [...path, '<path>'].join('.')] : keys;
  }
  // An entry of workloads is one of a kind, or several that share a window.
  if (path.join('.') === 'workloads' && inner instanceof z.ZodArray) {
    return [...pathsOf(oneWorkload, path), ...Object.keys(severalWorkloads.shape).map((key) => `workloads.${key}`)];
  }
  // The maps of these lists hold keys of other rows.
  if (inner instanceof z.ZodArray && !isOpen(inner.element)) return pathsOf(inner.element, path);
  if (inner instanceof z.ZodDiscriminatedUnion) {
    return inner.options.flatMap((option) => {
      const kind = option instanceof z.ZodObject ? bare(option.shape['kind']) : null;
      return pathsOf(option, [...path, kind instanceof z.ZodLiteral ? String(kind.value) : '?']);
    });
  }
  return [path.join('.')];
}

/** Rows `| key | value | default | meaning |` with the key in backticks: the default is null where its cell holds no code. */
const rows = [...doc.matchAll(/^\| `[^`]+` \|.*$/gm)].map(([line]) => {
  const [, key = '', , value = ''] = line.split('|').map((cell) => cell.trim());
  return { key: key.replaceAll('`', ''), value: /^`(.*)`$/.exec(value)?.[1] ?? null };
});

function defaultsUnder(prefix: string): [string[], unknown][] {
  return rows
    .filter(({ key, value }) => key.startsWith(prefix) && value !== null)
    .map(({ key, value }) => [key.slice(prefix.length).split('.'), parse(value ?? '')]);
}

function put(map: Record<string, unknown>, [first = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    map[first] = value;
    return;
  }
  const before = map[first];
  const inner: Record<string, unknown> = typeof before === 'object' ? { ...before } : {};
  put(inner, rest, value);
  map[first] = inner;
}

/** A file that says every default of the document. */
function fileOfDefaults(): Record<string, unknown> {
  const workload = (kind: string) => ({
    kind,
    ...Object.fromEntries(defaultsUnder(`workloads.${kind}.`).map(([[key = ''], value]) => [key, value])),
  });
  const file: Record<string, unknown> = { workloads: [workload('iperf3'), workload('sockperf')] };
  for (const [path, value] of defaultsUnder('').filter(([[first]]) => first !== 'workloads')) put(file, path, value);
  return file;
}

describe('docs/experiment.md', () => {
  it('has a row for each key of the schema and for no other', () => {
    expect(pathsOf(experimentFile)).toEqual(
      expect.arrayContaining(['vmm.kind', 'trace.mode', 'workloads.iperf3.rate']),
    );
    expect(rows.map(({ key }) => key).sort()).toEqual(pathsOf(experimentFile).sort());
  });

  it('gives each default as the schema has it', () => {
    const written = fileOfDefaults();
    expect(Object.keys(written)).toEqual(expect.arrayContaining(['boots', 'vmm', 'trace', 'bootTimeout']));
    // A matrix with nothing in it is none, but it has to be left out.
    expect(written['matrix']).toEqual({ exclude: [], include: [] });
    expect(experimentFile.parse({ ...written, matrix: null })).toEqual(experimentFile.parse({}));
  });

  it('has a row for each option of each VMM, with its default, and for no other', () => {
    const written = [...doc.matchAll(/^\| ([a-z-]+) \| `(\w+)` \| [^|]+ \| `(\w+)` \|/gm)].map((match) =>
      match.slice(1, 4),
    );
    const word = (value: unknown): string => (typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value));
    const known = [...drivers.values()].flatMap(({ kind, options }) =>
      Object.entries(options).map(([name, { byDefault }]) => [kind, name, word(byDefault)]),
    );
    expect(written.sort()).toEqual(known.sort());
  });

  it('names every built-in experiment', () => {
    for (const name of builtInNames()) expect(doc).toContain(`\`${name}\``);
  });

  it('has examples that are good experiments', async () => {
    const examples = [...doc.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map((match) => match[1] ?? '');
    expect(examples.length).toBeGreaterThan(0);
    await using folder = await temporaryFolder();
    for (const [index, text] of examples.entries()) {
      const nameOrPath = join(folder.path, `${String(index)}.yaml`);
      await writeFile(nameOrPath, text);
      await expect(loadExperiment({ nameOrPath, overrides: [] })).resolves.toHaveProperty('experiment');
    }
  });
});
