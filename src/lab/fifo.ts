import { closeSync, createWriteStream, openSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { run } from './process.ts';

const deadlineMs = 5_000;

/** Makes a pipe with a name. @throws TapbenchError `PROCESS_FAILED` */
export async function makeFifo(path: string): Promise<void> {
  await run(['mkfifo', '-m', '600', path], { deadlineMs });
}

/**
 * A pipe with a name, for the stdin of a process that looks at it often. The pipes that Node itself gives a child are Unix sockets: a VMM whose
 * main loop has one of these among its files took about 2 % longer for each round trip than with a pipe (docs/decisions).
 */
export class Fifo implements Disposable {
  readonly input: Writable;
  /** For the child's stdin. Open for writing too, so that it never ends. */
  readonly readEnd: number;
  #isHandedOver = false;

  private constructor(path: string) {
    this.readEnd = openSync(path, 'r+');
    // A file description of its own: that of the child may be made non-blocking by it.
    this.input = createWriteStream(path, { fd: openSync(path, 'w') });
    // A process that ends while we write to it is reported by its exit.
    this.input.on('error', () => undefined);
  }

  /** @throws TapbenchError `PROCESS_FAILED` where it can't be made */
  static async create(path: string): Promise<Fifo> {
    await makeFifo(path);
    return new Fifo(path);
  }

  /** Closes our copy of the child's end, once the child has its own. */
  handOver(): void {
    if (!this.#isHandedOver) closeSync(this.readEnd);
    this.#isHandedOver = true;
  }

  [Symbol.dispose](): void {
    this.handOver();
    this.input.destroy();
  }
}
