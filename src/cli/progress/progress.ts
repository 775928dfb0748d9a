import type { OnProgress } from '../../experiment/progress.ts';
import { complain } from '../output.ts';
import { liveProgress } from './live.ts';
import { plainProgress } from './plain.ts';

/** Progress on stderr: redrawn at a terminal, a line a step elsewhere, or none. */
export function progressFor(isQuiet: boolean): { onProgress: OnProgress } & Disposable {
  if (isQuiet) return { onProgress: () => undefined, [Symbol.dispose]: () => undefined };
  if (process.stderr.isTTY) return liveProgress(process.stderr);
  return { onProgress: plainProgress(complain), [Symbol.dispose]: () => undefined };
}
