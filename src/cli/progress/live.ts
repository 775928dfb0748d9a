import { styleText } from 'node:util';
import { createLogUpdate } from 'log-update';
import type { OnProgress, ProgressEvent } from '../../lab/progress.ts';
import { printable } from '../../report/text/printable.ts';
import { rateText } from './plain.ts';

interface LiveStep {
  readonly text: string;
  readonly atMs: number;
  readonly expectedMs: number | null;
  rate: string | null;
}

/** The list is drawn again this often while a step goes on, windows included: as often as there is a new rate, and no more. */
const redrawMs = 1_000;

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}

function line(step: LiveStep, nowMs: number): string {
  const elapsed = nowMs - step.atMs;
  const of =
    step.expectedMs === null ? `${seconds(elapsed)} s` : `${seconds(elapsed)} of about ${seconds(step.expectedMs)} s`;
  return `${styleText('cyan', '▸', { stream: process.stderr })} ${step.text}  ${styleText('dim', of, { stream: process.stderr })}${step.rate === null ? '' : `  ${step.rate}`}`;
}

/** Progress as a live list on a terminal. Dispose to leave the terminal clean. */
export function liveProgress(stream: NodeJS.WriteStream): { onProgress: OnProgress } & Disposable {
  const update = createLogUpdate(stream);
  const steps = new Map<string, LiveStep>();
  const draw = (): void => {
    const nowMs = performance.now();
    if (steps.size === 0) update.clear();
    else update([...steps.values()].map((step) => line(step, nowMs)).join('\n'));
  };
  const persist = (text: string): void => {
    update.clear();
    stream.write(`${text}\n`);
    draw();
  };
  const timer = setInterval(draw, redrawMs);
  timer.unref();
  return {
    onProgress: (event) => {
      handle(event, steps, persist);
      draw();
    },
    [Symbol.dispose]: () => {
      clearInterval(timer);
      update.clear();
      update.done();
    },
  };
}

function handle(event: ProgressEvent, steps: Map<string, LiveStep>, persist: (text: string) => void): void {
  switch (event.kind) {
    case 'start': {
      const expectedMs = event.expectedNs === null ? null : event.expectedNs / 1e6;
      steps.set(event.id, { text: printable(event.text), atMs: performance.now(), expectedMs, rate: null });
      break;
    }
    case 'rate': {
      const step = steps.get(event.id);
      if (step !== undefined) step.rate = rateText(event);
      break;
    }
    case 'end': {
      const step = steps.get(event.id);
      steps.delete(event.id);
      if (step === undefined) break;
      const mark = event.isOk
        ? styleText('green', '✓', { stream: process.stderr })
        : styleText('red', '✗', { stream: process.stderr });
      const took = styleText('dim', `${seconds(performance.now() - step.atMs)} s`, { stream: process.stderr });
      persist(`${mark} ${step.text}  ${took}${event.text === null ? '' : `  ${printable(event.text)}`}`);
      break;
    }
    case 'note':
      persist(`${styleText('yellow', '!', { stream: process.stderr })} ${printable(event.text)}`);
      break;
  }
}
