import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type ErrorCode, errorCodes, ParseError, TapbenchError } from './error.ts';

const doc = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');
/** Text of each section by its heading. */
const sections = new Map(
  doc
    .split(/^## /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf('\n')), section] as const),
);
const codes = Object.entries(errorCodes);

describe('docs/errors.md', () => {
  it('has a section for each code and for no other', () => {
    expect([...sections.keys()]).toEqual(Object.keys(errorCodes));
  });

  it.each(codes)('says of %s its exit status, its title and what to do', (code, { exitStatus, title }) => {
    const section = sections.get(code)?.replaceAll(/\s+/g, ' ');
    expect(section).toContain(`Exit status ${String(exitStatus)}. ${title}`);
    expect(section).toMatch(/What to do: \S/);
  });

  it('has a row for each exit status', () => {
    const statuses = new Set(codes.map(([, { exitStatus }]) => `| ${String(exitStatus)} |`));
    for (const row of statuses) expect(doc).toContain(row);
  });
});

describe('TapbenchError', () => {
  it.each(codes)('%s carries the exit status of its code', (code, { exitStatus }) => {
    // Keys of the table are its codes.
    expect(new TapbenchError(code as ErrorCode, 'x').exitStatus).toBe(exitStatus);
  });

  it('has no hint and no cause unless given', () => {
    const bare = new TapbenchError('USAGE', 'x');
    expect([bare.hint, bare.cause]).toEqual([null, undefined]);
    const cause = new Error('y');
    expect(new TapbenchError('USAGE', 'x', { hint: 'do z', cause })).toMatchObject({ hint: 'do z', cause });
  });
});

describe('ParseError', () => {
  it('names the file and the place in its message', () => {
    const error = new ParseError({ file: 'iperf3 -J', path: 'end.streams' }, 'missing');
    expect(error).toMatchObject({
      code: 'PARSE_FAILED',
      message: 'iperf3 -J: end.streams: missing',
      path: 'end.streams',
    });
  });
});
