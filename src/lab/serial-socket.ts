import { createConnection, type Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import type { StartedProcess } from './process.ts';

const retryMs = 2;

/** null while nobody listens. */
async function connect(path: string): Promise<Socket | null> {
  return await new Promise((resolve) => {
    const socket = createConnection(path);
    socket.once('connect', () => {
      resolve(socket);
    });
    // Later errors are those of a VMM that ends: its exit says more.
    socket.on('error', () => {
      resolve(null);
    });
  });
}

/** A serial line on a Unix socket that a process makes once it runs. What is written before then is sent then. Disposing hangs up. */
export class SerialSocket implements Disposable {
  readonly input = new PassThrough();
  readonly output = new PassThrough();
  #socket: Socket | null = null;
  #isDisposed = false;

  /** @param owner gives the line up when it ends */
  constructor(path: string, owner: Pick<StartedProcess, 'hasEnded'>) {
    void this.#open(path, owner);
  }

  async #open(path: string, owner: Pick<StartedProcess, 'hasEnded'>): Promise<void> {
    while (!owner.hasEnded && !this.#isDisposed) {
      const socket = await connect(path);
      if (socket !== null) {
        this.#take(socket);
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
  }

  #take(socket: Socket): void {
    if (this.#isDisposed) {
      socket.destroy();
      return;
    }
    this.#socket = socket;
    this.input.pipe(socket);
    socket.pipe(this.output);
  }

  [Symbol.dispose](): void {
    this.#isDisposed = true;
    this.#socket?.destroy();
  }
}
