import type { OnProgress } from '../../lab/progress.ts';

/** Progress as plain lines on stderr, for logs: one line when a step ends, one every ten seconds of a window. */
export function plainProgress(write: (line: string) => void): OnProgress {
  const started = new Map<string, { text: string; atMs: number }>();
  let lastRateMs = 0;
  return (event) => {
    switch (event.kind) {
      case 'start':
        started.set(event.id, { text: event.text, atMs: performance.now() });
        break;
      case 'rate': {
        const nowMs = performance.now();
        if (nowMs - lastRateMs < 10_000) break;
        lastRateMs = nowMs;
        write(`  ${started.get(event.id)?.text ?? ''}: ${rateText(event)}`);
        break;
      }
      case 'end': {
        const step = started.get(event.id);
        started.delete(event.id);
        if (step === undefined) break;
        const seconds = ((performance.now() - step.atMs) / 1000).toFixed(1);
        const came = event.text === null ? '' : `: ${event.text}`;
        write(`${event.isOk ? 'ok    ' : 'FAILED'} ${step.text} (${seconds} s)${came}`);
        break;
      }
      case 'note':
        write(`note   ${event.text}`);
        break;
    }
  };
}

/** The live rate of a link, for people. */
export function rateText(rate: { bitsPerSecond: number; packetsPerSecond: number }): string {
  const packets = `${Math.round(rate.packetsPerSecond).toLocaleString('en')} packets/s`;
  return rate.bitsPerSecond >= 1e9
    ? `${(rate.bitsPerSecond / 1e9).toFixed(2)} Gbit/s, ${packets}`
    : `${(rate.bitsPerSecond / 1e6).toFixed(1)} Mbit/s, ${packets}`;
}
