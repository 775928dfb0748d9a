import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { TapbenchError } from '../../record/error.ts';
import { type Digest, type DigestRequest, trialDigester } from './trial-digest.ts';

export interface DigestQuestion {
  readonly number: number;
  readonly request: DigestRequest;
}

export type DigestAnswer =
  | { readonly number: number; readonly digests: Digest[] }
  | { readonly number: number; readonly problem: string };

/** Trials that this thread reads itself before others are started: a thread costs as much as 200 to 300 trials. */
const trialsBeforeThreads = 200;
/** More than the disk and the one writer can take. */
const mostThreads = 4;

interface Waiting {
  readonly resolve: (digests: Digest[]) => void;
  readonly reject: (error: Error) => void;
}

/** Young objects of a thread, MB: trials die young, and V8 would take three times as much before it collects them. */
const youngMegabytes = 16;

class Thread {
  readonly #worker = new Worker(new URL(`./digest-worker${extname(import.meta.filename)}`, import.meta.url), {
    resourceLimits: { maxYoungGenerationSizeMb: youngMegabytes },
  });
  readonly #waiting = new Map<number, Waiting>();
  #number = 0;

  constructor() {
    this.#worker.on('message', (answer: DigestAnswer) => {
      const waiting = this.#waiting.get(answer.number);
      this.#waiting.delete(answer.number);
      if ('digests' in answer) waiting?.resolve(answer.digests);
      else waiting?.reject(new TapbenchError('RECORD_INVALID', answer.problem));
    });
    this.#worker.on('error', (error: unknown) => {
      this.#fail(error instanceof Error ? error : new Error(String(error)));
    });
    this.#worker.on('exit', () => {
      this.#fail(new Error('a reading thread ended early'));
    });
  }

  get load(): number {
    return this.#waiting.size;
  }

  async digest(request: DigestRequest): Promise<Digest[]> {
    this.#number += 1;
    const number = this.#number;
    return await new Promise((resolve, reject) => {
      this.#waiting.set(number, { resolve, reject });
      this.#worker.postMessage({ number, request } satisfies DigestQuestion);
    });
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** Reads trials on this machine's CPUs: checking and judging a trial costs about half a millisecond, which is too much for one thread. */
export class DigestPool implements AsyncDisposable {
  readonly #here = trialDigester();
  readonly #threads: Thread[] = [];
  #trials = 0;

  /** Requests to keep under way so that no thread waits. */
  static readonly depth = 2 * Math.min(mostThreads, availableParallelism());

  /** @throws TapbenchError `RECORD_INVALID` where `run.json` can't be used */
  async digest(request: DigestRequest): Promise<Digest[]> {
    this.#trials += request.trialIds.length;
    if (this.#trials <= trialsBeforeThreads) return this.#here(request);
    const threads = this.#started();
    const [idlest] = threads.toSorted((a, b) => a.load - b.load);
    return idlest === undefined ? this.#here(request) : await idlest.digest(request);
  }

  #started(): readonly Thread[] {
    const wanted = Math.min(mostThreads, availableParallelism());
    while (this.#threads.length < wanted) this.#threads.push(new Thread());
    return this.#threads;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#threads.map(async (thread) => thread.end()));
  }
}
