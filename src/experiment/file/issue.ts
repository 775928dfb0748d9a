import type { z } from 'zod';
import { suggestion } from './nearest.ts';

/** One thing that is wrong with an experiment, at a path of keys and indexes into what the user wrote. */
export interface Mistake {
  readonly path: readonly (string | number)[];
  /** Point at the last key of the path instead of at its value. */
  readonly isAboutKey: boolean;
  readonly message: string;
}

type Issue = z.core.$ZodIssue;

/** The words a user knows for what YAML can hold. */
function yamlKind(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'string') return 'text';
  return typeof value === 'boolean' ? 'true or false' : 'a number';
}

const expectedKinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of keys',
};

/** Longest value that a message repeats. */
const shownCharacters = 60;

/** A scalar as the user wrote it, or its kind. */
function shown(value: unknown): string {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return yamlKind(value);
  const text = String(value);
  return JSON.stringify(text.length > shownCharacters ? `${text.slice(0, shownCharacters)}...` : text).slice(1, -1);
}

function valueAt(root: unknown, path: readonly (string | number)[]): unknown {
  let value = root;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Readonly<Record<string | number, unknown>>)[step];
  }
  return value;
}

function wrongWord(value: unknown, choices: readonly unknown[]): string {
  const words = choices.map(String);
  if (value === undefined) return `is missing: one of ${words.join(', ')}`;
  return typeof value === 'string'
    ? `"${shown(value)}" is unknown: ${suggestion(value, words)}`
    : `must be one of ${words.join(', ')}, not ${shown(value)}`;
}

function wrongType(issue: Extract<Issue, { code: 'invalid_type' }>, value: unknown): string {
  const expected = expectedKinds[issue.expected] ?? issue.expected;
  if (value === undefined) return `is missing: must be ${expected}`;
  const found = shown(value);
  const hint = issue.expected === 'string' && typeof value !== 'object' ? ` (write it in quotes: "${found}")` : '';
  return `must be ${expected}, not ${found}${hint}`;
}

function sentence(issue: Issue, value: unknown): string {
  const limit = (bound: number | bigint, what: string, isList: boolean) =>
    isList
      ? `must have ${what} ${String(bound)} ${bound === 1 ? 'entry' : 'entries'}`
      : `must be ${what} ${String(bound)}, not ${shown(value)}`;
  switch (issue.code) {
    case 'invalid_value':
      return wrongWord(value, issue.values);
    case 'invalid_union':
      return 'options' in issue && Array.isArray(issue.options) ? wrongWord(value, issue.options) : issue.message;
    case 'invalid_type':
      return wrongType(issue, value);
    case 'too_small':
      return limit(issue.minimum, 'at least', issue.origin === 'array');
    case 'too_big':
      return limit(issue.maximum, 'at most', issue.origin === 'array');
    case 'custom':
    case 'invalid_format':
      return value === undefined ? issue.message : `${shown(value)}: ${issue.message}`;
    default:
      return issue.message;
  }
}

/** An issue of zod (made with `reportInput`) in the user's words. An issue about several unknown keys becomes a mistake for each. */
export function mistakesOf(issue: Issue, root: unknown): Mistake[] {
  const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
  if (issue.code === 'unrecognized_keys') {
    const known = issue.message.split(' ');
    return issue.keys.map((key) => ({
      path: [...path, key],
      isAboutKey: true,
      message: `unknown key: ${suggestion(key, known)}`,
    }));
  }
  // A path may go on inside a short form (`trace: off` is checked as trace.mode): then only the issue itself has the value.
  const found = valueAt(root, path);
  const value = found === undefined && typeof issue.input === 'string' ? issue.input : found;
  return [{ path, isAboutKey: false, message: sentence(issue, value) }];
}
