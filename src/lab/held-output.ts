import { Socket } from 'node:net';
import type { Readable } from 'node:stream';

/** What is used of a child process. */
interface Child {
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;
  once(event: 'exit' | 'close', listener: () => void): unknown;
}

/** How often it is looked at, once its process has ended. What such a process left in a pipe is read in milliseconds. */
const usualLookMs = 1_000;
/** After so many looks it ends, whoever still writes. */
const mostLooks = 10;

/** How much came of it so far, and whether some of that was not taken yet. */
function stateOf(stream: Socket): { bytes: number; isTaken: boolean } {
  return { bytes: stream.bytesRead, isTaken: stream.readableLength === 0 };
}

/**
 * Ends the output of a process that has ended, where others that it started hold it open: they would be waited for as long as they live.
 * It is left alone while something comes, or while what came has not been taken.
 */
export function endHeldOutput(child: Child, lookMs: number = usualLookMs): void {
  const streams = [child.stdout, child.stderr].filter((stream) => stream instanceof Socket);
  child.once('exit', () => {
    let looks = 0;
    let before = streams.map(stateOf);
    const timer = setInterval(() => {
      // What is there by now is read first: a timer comes before it.
      setImmediate(() => {
        looks += 1;
        const now = streams.map(stateOf);
        for (const [index, stream] of streams.entries()) {
          const isQuiet = now[index]?.isTaken === true && now[index].bytes === before[index]?.bytes;
          if (isQuiet || looks >= mostLooks) stream.destroy();
        }
        before = now;
      });
    }, lookMs);
    child.once('close', () => {
      clearInterval(timer);
    });
  });
}
