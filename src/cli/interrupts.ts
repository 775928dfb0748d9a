import { TapbenchError } from '../record/error.ts';

/**
 * Turns SIGINT, SIGTERM and SIGHUP into one abort, so that everything made is disposed of on the way out.
 * A second signal changes nothing: the lab must be taken down whole.
 */
export function interrupts(): { readonly signal: AbortSignal } & Disposable {
  const controller = new AbortController();
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const onSignal = (name: NodeJS.Signals): void => {
    controller.abort(new TapbenchError('INTERRUPTED', `interrupted by ${name}`));
  };
  for (const name of names) process.on(name, onSignal);
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      for (const name of names) process.off(name, onSignal);
    },
  };
}
