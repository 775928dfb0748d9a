import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { audits } from '../audit/audits.ts';
import { measurement } from '../record/measurement.ts';

const doc = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8');

/** Every key of a schema, at any depth. */
function keysOf(schema: unknown): string[] {
  if (schema instanceof z.ZodObject) {
    const shape: Record<string, unknown> = schema.shape;
    return Object.entries(shape).flatMap(([key, value]) => [key, ...keysOf(value)]);
  }
  if (schema instanceof z.ZodNullable) return keysOf(schema.unwrap());
  if (schema instanceof z.ZodArray) return keysOf(schema.element);
  if (schema instanceof z.ZodDiscriminatedUnion) return schema.options.flatMap(keysOf);
  return [];
}

describe('docs/metrics.md', () => {
  const keys = [...new Set(keysOf(measurement))];

  it('is held against all of the schema', () => {
    expect(keys).toEqual(expect.arrayContaining(['p99999', 'bitsPerSecondPerCore', 'involuntarySwitches', 'omitNs']));
  });

  it.each(keys)('names %s', (key) => {
    expect(doc).toContain(`\`${key}\``);
  });

  it('has a row for each audit and for no other', () => {
    const section = doc.slice(doc.indexOf('| audit | speaks when |'));
    const rows = [...section.matchAll(/^\| `([a-z-]+)` \|/gm)].map((match) => match[1]);
    expect(rows.sort()).toEqual(audits.map((audit) => audit.name).sort());
  });
});
