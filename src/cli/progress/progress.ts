import type { OnProgress } from '../../lab/progress.ts';
import { complain } from '../output.ts';
import { plainProgress } from './plain.ts';

/** Progress on stderr: redrawn at a terminal, a line a step elsewhere, or none. What redraws is loaded only where it is used. */
export async function progressFor(isQuiet: boolean): Promise<{ onProgress: OnProgress } & Disposable> {
  if (isQuiet) return { onProgress: () => undefined, [Symbol.dispose]: () => undefined };
  if (process.stderr.isTTY) return (await import('./live.ts')).liveProgress(process.stderr);
  return { onProgress: plainProgress(complain), [Symbol.dispose]: () => undefined };
}
