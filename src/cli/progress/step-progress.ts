/** How often a line of progress is renewed. */
const intervalMs = 200;

export interface StepProgress<T extends readonly unknown[]> extends Disposable {
  readonly step: (...values: T) => void;
}

/** One line on stderr about a long reading, renewed in place; nothing where stderr is no terminal. Disposed of, it leaves no line. */
export function stepProgress<T extends readonly unknown[]>(text: (...values: T) => string): StepProgress<T> {
  const { stderr } = process;
  let lastMs = Number.NEGATIVE_INFINITY;
  const clear = (): void => {
    if (lastMs > Number.NEGATIVE_INFINITY) stderr.write('\r\u001b[K');
  };
  return {
    step: (...values) => {
      const nowMs = performance.now();
      if (!stderr.isTTY || nowMs - lastMs < intervalMs) return;
      lastMs = nowMs;
      stderr.write(`\r\u001b[K${text(...values)}`);
    },
    [Symbol.dispose]: () => {
      clear();
      lastMs = Number.NEGATIVE_INFINITY;
    },
  };
}
