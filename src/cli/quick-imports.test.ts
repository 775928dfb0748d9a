import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../lab/process.ts';

const deadlineMs = 10_000;
const hooks = join(import.meta.dirname, 'quick-imports.ts');

/** What a program prints that has the hooks. */
async function printed(program: string): Promise<unknown> {
  const text = `await import(${JSON.stringify(hooks)});\n${program}`;
  const argv = [process.execPath, '--input-type=module', '--eval', text];
  const { stdout } = await run(argv, { deadlineMs, cwd: import.meta.dirname });
  return JSON.parse(stdout);
}

describe('imports that Node need not look for', () => {
  it('leave out the languages of zod that nobody asked for, and keep its words', async () => {
    const program = `const { z } = await import('zod');
      const { error } = z.string().safeParse(1);
      console.log(JSON.stringify({ languages: Object.keys(z.locales), message: error.issues[0].message }));`;
    expect(await printed(program)).toEqual({
      languages: [],
      message: 'Invalid input: expected string, received number',
    });
  });

  it('name the module that is missing', async () => {
    const missing = join(import.meta.dirname, 'none.ts');
    const program = `const error = await import('./none.ts').catch((cause) => cause);
      console.log(JSON.stringify({ code: error.code, path: error.path ?? null }));`;
    expect(await printed(program)).toEqual({ code: 'ENOENT', path: missing });
  });
});
