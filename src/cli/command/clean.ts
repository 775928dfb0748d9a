import { runtimeFolder } from '../../host/folders.ts';
import { clean } from '../../lab/clean.ts';
import { removeDeadLock } from '../../lab/run-lock.ts';
import { TapbenchError } from '../../record/error.ts';
import { removeDeadConsoles } from '../keep.ts';
import { print } from '../output.ts';

/** `tapbench clean` */
export async function cleanCommand(): Promise<void> {
  const { removed, left, failed, live } = await clean(`${runtimeFolder()}/ledger`);
  const lines = [
    ...removed.map((text) => `removed ${text}`),
    ...removeDeadConsoles().map((path) => `removed socket ${path}`),
    ...(removeDeadLock(runtimeFolder()) ? ['removed the lock of a dead run'] : []),
    ...left.map((text) => `left alone: ${text}`),
    ...live.map(({ pid, command }) => `left alone: process ${String(pid)} lives (${command})`),
  ];
  await print(lines.length === 0 ? 'nothing to remove' : lines.join('\n'));
  if (failed.length > 0) throw new TapbenchError('LAB_FAILED', `could not remove:\n${failed.join('\n')}`);
}
