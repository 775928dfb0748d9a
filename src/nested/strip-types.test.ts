import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { run } from '../lab/process.ts';

const folder = mkdtempSync(join(tmpdir(), 'tapbench-strip-'));
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('TypeScript without its types', () => {
  it('runs in Node without being stripped again, its tests left out', async () => {
    mkdirSync(join(folder, 'from/below'), { recursive: true });
    writeFileSync(join(folder, 'from/below/answer.ts'), 'export const answer: number = 42;\n');
    writeFileSync(
      join(folder, 'from/main.ts'),
      "import { answer } from './below/answer.ts';\nconst text: string = `${answer}`;\nconsole.log(text);\n",
    );
    writeFileSync(join(folder, 'from/main.test.ts'), 'throw new Error();\n');
    const to = join(folder, 'to');
    const options = { deadlineMs: 20_000 };
    const quiet = '--disable-warning=ExperimentalWarning';
    const script = join(import.meta.dirname, 'strip-types.ts');
    await run([process.execPath, quiet, script, join(folder, 'from'), to], options);
    expect(existsSync(join(to, 'main.test.ts'))).toBe(false);
    const hook = join(import.meta.dirname, 'plain-types.mjs');
    // Without Node's own stripping it fails at the first type that is left.
    const argv = [process.execPath, '--no-strip-types', '--import', hook, join(to, 'main.ts')];
    const { stdout, stderr } = await run(argv, options);
    expect([stdout, stderr]).toEqual(['42\n', '']);
  });
});
