/**
 * Asks the registry whether it signed what is installed (`npm audit signatures`: npm 8.15 and newer). Says what came of it, and exits 1
 * only where a signature is wrong or missing. A registry without signatures, or whose keys can't be had, is no failure: that
 * the packages are those of the lockfile is what its hashes say.
 */
import { dirname } from 'node:path';
import { z } from 'zod';
import { run } from '../src/lab/process.ts';
import { firstComplaint } from '../src/record/complaint.ts';
import { printable } from '../src/report/text/printable.ts';

const deadlineMs = 300_000;

const someone = z.looseObject({ name: z.string(), version: z.string() });
const verdict = z.looseObject({ invalid: z.array(someone), missing: z.array(someone) });
const refusal = z.looseObject({ error: z.looseObject({ summary: z.string() }) });

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const { stdout, stderr, exitStatus } = await run(['npm', 'audit', 'signatures', '--json'], {
  cwd: dirname(import.meta.dirname),
  deadlineMs,
  acceptsFailure: true,
});
const answer = parsedJson(stdout);
const { data } = verdict.safeParse(answer);
const say = (line: string): void => {
  console.log(printable(line));
};
for (const [kind, packages] of Object.entries({ wrong: data?.invalid ?? [], missing: data?.missing ?? [] })) {
  for (const { name, version } of packages) say(`${kind} signature: ${name}@${version}`);
}
if (data === undefined) {
  const reason = refusal.safeParse(answer).data?.error.summary ?? firstComplaint(stderr) ?? 'npm gave no reason';
  say(`signatures were not checked: ${reason}`);
} else if (exitStatus === 0) {
  say('the registry signed every package');
}
process.exitCode = data === undefined ? 0 : (exitStatus ?? 1);
