import type { DatabaseSync } from 'node:sqlite';
import { distance } from 'fastest-levenshtein';
import type { Verdict } from '../../record/comparison.ts';
import { TapbenchError } from '../../record/error.ts';
import type { RunStatus } from '../run-summary.ts';
import { textOf } from './row.ts';

/** Which runs are meant: those for which all of it holds. */
export interface RunFilter {
  /** `field=value`, `!=`, `<`, `<=`, `>`, `>=`: one configuration of the run fits all of them. */
  readonly where?: readonly string[] | undefined;
  /** `2026-11-23`, or with a time (ISO 8601); without a zone it is UTC. */
  readonly since?: string | undefined;
  /** Likewise; a date means its whole day. */
  readonly until?: string | undefined;
  /** The run has all of them. */
  readonly tags?: readonly string[] | undefined;
  readonly status?: RunStatus | undefined;
  /** At least one metric of one candidate has it. */
  readonly verdict?: Verdict | undefined;
  readonly experiment?: string | undefined;
  readonly fingerprint?: string | undefined;
  /** Ids; without it every run. */
  readonly runIds?: readonly string[] | undefined;
}

/** A condition on `runs` in SQL. */
export interface Condition {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

interface FieldCondition {
  readonly path: string;
  readonly operator: '=' | '!=' | '<' | '<=' | '>' | '>=';
  readonly value: string;
}

const operators: Readonly<Record<string, FieldCondition['operator']>> = {
  '=': '=',
  '!=': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};
const dayMs = 86_400_000;
/** Names that a message offers. */
const mostNames = 3;
/** Characters of a name that is unknown which are compared with those that are: no field has as many. */
const mostCompared = 200;

function usage(message: string, hint?: string): TapbenchError {
  return new TapbenchError('USAGE', message, hint === undefined ? {} : { hint });
}

/** @throws TapbenchError `USAGE` */
function fieldCondition(text: string): FieldCondition {
  const [, path = '', sign = '', value = ''] = /^([^=!<>]+)(!=|<=|>=|=|<|>)(.*)$/s.exec(text) ?? [];
  const operator = operators[sign];
  if (operator === undefined) throw usage(`--where ${text}: it has no = in it`, 'For example: --where vmm.vcpus=2');
  const condition = { path: path.trim(), operator, value: value.trim() };
  if (operator === '=' || operator === '!=') return condition;
  if (condition.value !== '' && Number.isFinite(Number(condition.value))) return condition;
  throw usage(`--where ${text}: ${operator} wants a number, and ${JSON.stringify(condition.value)} is none`);
}

/**
 * A date or a moment as ms since 1970.
 * @throws TapbenchError `USAGE`
 */
function momentMs(flag: string, text: string, isEnd: boolean): number {
  const isDate = /^\d{4}-\d\d-\d\d$/.test(text);
  const isMoment = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/.test(text);
  const hasZone = /(Z|[+-]\d\d:?\d\d)$/.test(text.slice(10));
  const ms = isDate || isMoment ? Date.parse(isDate || hasZone ? text : `${text}Z`) : Number.NaN;
  if (!Number.isNaN(ms)) return isDate && isEnd ? ms + dayMs - 1 : ms;
  throw usage(`${flag} ${text}: no date`, 'A date is 2026-11-23, or 2026-11-23T14:30 (UTC, or with a zone).');
}

function nearest(wanted: string, known: readonly string[]): string[] {
  const path = wanted.slice(0, mostCompared);
  // Of a path people remember the end best: `mtu` for `nic.mtu`.
  const far = (name: string): number =>
    name.endsWith(`.${path}`) ? 0 : Math.min(distance(path, name), distance(path, name.split('.').at(-1) ?? name) + 1);
  return known.toSorted((a, b) => far(a) - far(b) || a.length - b.length).slice(0, mostNames);
}

/** @throws TapbenchError `USAGE` naming the nearest fields */
function refuseUnknown(index: DatabaseSync, { path }: FieldCondition): void {
  if (index.prepare('SELECT 1 FROM fields WHERE path = ? LIMIT 1').get(path) !== undefined) return;
  const known = index.prepare('SELECT DISTINCT path FROM fields').all();
  // A store without runs has no fields, and no run fits in any case.
  if (known.length === 0) return;
  const names = nearest(
    path,
    known.map((row) => textOf(row, 'path')),
  );
  throw usage(`--where ${path}: no run has this field`, `Near to it: ${names.join(', ')}`);
}

function fieldSql({ path, operator, value }: FieldCondition): Condition {
  const isText = operator === '=' || operator === '!=';
  const column = isText ? 'value' : 'number';
  return {
    sql: `EXISTS (SELECT 1 FROM fields f WHERE f.configuration = c.configuration AND f.path = ? AND f.${column} ${operator} ?)`,
    values: [path, isText ? value : Number(value)],
  };
}

/** One configuration fits all of it. */
function whereCondition(index: DatabaseSync, texts: readonly string[]): Condition[] {
  if (texts.length === 0) return [];
  const fields = texts.map(fieldCondition);
  for (const field of fields) refuseUnknown(index, field);
  const parts = fields.map(fieldSql);
  return [
    {
      sql: `run IN (SELECT c.run FROM configurations c WHERE ${parts.map(({ sql }) => sql).join(' AND ')})`,
      values: parts.flatMap(({ values }) => values),
    },
  ];
}

function equals(column: string, value: string | undefined): Condition[] {
  return value === undefined ? [] : [{ sql: `${column} = ?`, values: [value] }];
}

function dateConditions({ since, until }: RunFilter): Condition[] {
  return [
    ...(since === undefined ? [] : [{ sql: 'startedAt >= ?', values: [momentMs('--since', since, false)] }]),
    ...(until === undefined ? [] : [{ sql: 'startedAt <= ?', values: [momentMs('--until', until, true)] }]),
  ];
}

/**
 * A filter as a condition on `runs`.
 * @throws TapbenchError `USAGE` for what is no condition or date, and for a field that no run has, with the nearest
 */
export function runCondition(index: DatabaseSync, filter: RunFilter): Condition {
  const conditions: Condition[] = [
    ...whereCondition(index, filter.where ?? []),
    ...dateConditions(filter),
    ...(filter.tags ?? []).map((tag) => ({ sql: 'run IN (SELECT run FROM tags WHERE tag = ?)', values: [tag] })),
    ...equals('status', filter.status),
    ...equals('experiment', filter.experiment),
    ...equals('fingerprint', filter.fingerprint),
    ...(filter.runIds === undefined
      ? []
      : [{ sql: 'runId IN (SELECT value FROM json_each(?))', values: [JSON.stringify(filter.runIds)] }]),
    ...(filter.verdict === undefined
      ? []
      : [{ sql: 'run IN (SELECT run FROM verdicts WHERE verdict = ?)', values: [filter.verdict] }]),
  ];
  if (conditions.length === 0) return { sql: 'TRUE', values: [] };
  return {
    sql: conditions.map(({ sql }) => sql).join(' AND '),
    values: conditions.flatMap(({ values }) => values),
  };
}
