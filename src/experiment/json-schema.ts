import { z } from 'zod';
import { mostLoads } from '../record/place-names.ts';
import { workloads } from '../workload/workloads.ts';
import { experimentFile, oneWorkload, severalWorkloads } from './file/schema.ts';
import { descriptions } from './json-schema-descriptions.ts';
import { ownKeys } from './matrix/matrix.ts';

type Json = z.core.JSONSchema.JSONSchema;
type Children = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Json & Children {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A schema inside the schema, with the JSON pointer to it. */
interface Place {
  readonly pointer: string;
  readonly schema: Json;
}

function below({ pointer, schema }: Place, keyword: string, key: string | number): Place | null {
  const children: unknown = (schema as Children)[keyword];
  const child: unknown = Array.isArray(children) || isObject(children) ? (children as Children)[String(key)] : null;
  return isObject(child) ? { pointer: `${pointer}/${keyword}/${String(key)}`, schema: child } : null;
}

function alternatives(place: Place, keyword: 'anyOf' | 'oneOf'): Place[] {
  const count = place.schema[keyword]?.length ?? 0;
  return Array.from({ length: count }, (_, index) => below(place, keyword, index)).flatMap((each) => each ?? []);
}

/** One key further down: through the alternatives of a short form, and to a workload by its kind. */
function step(place: Place, key: string): Place | null {
  const direct = below(place, 'properties', key);
  if (direct !== null) return direct;
  for (const each of alternatives(place, 'anyOf')) {
    const inner = below(each, 'properties', key);
    if (inner !== null) return inner;
  }
  const { items } = place.schema;
  if (!isObject(items)) return null;
  const ofItems = { pointer: `${place.pointer}/items`, schema: items };
  const entries = alternatives(ofItems, 'oneOf');
  const isOfKind = (each: Place): boolean => {
    const kind: unknown = each.schema.properties?.['kind'];
    return isObject(kind) && kind.const === key;
  };
  // Else a key of an entry that is of no kind: `together`.
  const keyOfEntry = entries.map((each) => below(each, 'properties', key)).find((place) => place !== null);
  return entries.find(isOfKind) ?? keyOfEntry ?? null;
}

function placeOf(root: Json, path: string): Place {
  let place: Place = { pointer: '#', schema: root };
  for (const key of path.split('.')) {
    const next = step(place, key);
    if (next === null) throw new Error(`the schema has no ${path}`);
    place = next;
  }
  return place;
}

/** Makes room for the short form of a map. */
function addShortForm(root: Json, path: string, words: Json): void {
  const [key = '', ...before] = path.split('.').reverse();
  const parent = before.length === 0 ? root : placeOf(root, before.reverse().join('.')).schema;
  const { default: byDefault, ...map } = placeOf(root, path).schema;
  if (parent.properties !== undefined) parent.properties[key] = { default: byDefault, anyOf: [words, map] };
}

/** What an entry of `workloads` may be: a workload of each kind, or several of them in one window. In a window a kind alone is short. */
function addWorkloads(root: Json): void {
  const { schema, pointer } = placeOf(root, 'workloads');
  const options = { io: 'input', unrepresentable: 'any' } as const;
  const { oneOf = [] } = z.toJSONSchema(oneWorkload, options);
  const { type, required, additionalProperties } = z.toJSONSchema(severalWorkloads, options);
  const kinds = oneOf.map((_, index) => ({ $ref: `${pointer}/items/oneOf/${String(index)}` }));
  const words = { enum: workloads.map(({ kind }) => kind) };
  const together = { type: 'array', minItems: 2, maxItems: mostLoads + 1, items: { anyOf: [words, ...kinds] } };
  Object.assign(schema, {
    items: { oneOf: [...oneOf, { type, properties: { together }, required, additionalProperties }] },
  });
}

/** Fields that configurations can differ in and that have one place in the schema: workloads are reached by names that the file chooses. */
function matrixFields(): string[] {
  return Object.keys(descriptions).filter((path) => {
    const [first = ''] = path.split('.');
    return !ownKeys.has(first) && (first !== 'workloads' || path === 'workloads');
  });
}

/** Lets editors know the fields that a matrix, or an entry of it, can set. */
function addMatrixFields(root: Json): void {
  const [matrix] = alternatives(placeOf(root, 'matrix'), 'anyOf');
  if (matrix?.schema.properties === undefined) throw new Error('the schema has no matrix');
  const references = matrixFields().map((path) => [path, { $ref: placeOf(root, path).pointer }] as const);
  for (const key of ['exclude', 'include']) {
    const items: unknown = placeOf(root, `matrix.${key}`).schema.items;
    if (isObject(items))
      Object.assign(items, { properties: { ...items.properties, ...Object.fromEntries(references) } });
  }
  const lists = references.map(([path, items]) => [path, { type: 'array', minItems: 1, items }] as const);
  Object.assign(matrix.schema.properties, Object.fromEntries(lists));
}

/** The JSON Schema (draft 2020-12) of experiment files: for editors. It refuses nothing that tapbench takes; tapbench refuses more. */
export function experimentJsonSchema(): Json {
  const root = z.toJSONSchema(experimentFile, { io: 'input', target: 'draft-2020-12', unrepresentable: 'any' });
  addShortForm(root, 'trace', { enum: placeOf(root, 'trace.mode').schema.enum ?? [] });
  addShortForm(root, 'nic.offloads', { enum: ['on', 'off', true, false] });
  addWorkloads(root);
  for (const [path, description] of Object.entries(descriptions)) {
    Object.assign(placeOf(root, path).schema, { description });
  }
  addMatrixFields(root);
  return { $schema: root.$schema, title: 'tapbench experiment', ...root } as Json;
}
