import { parentPort } from 'node:worker_threads';
import type { DigestAnswer, DigestQuestion } from './digest-pool.ts';
import { trialDigester } from './trial-digest.ts';

/** A thread of `DigestPool`: answers each question with the digests, or with why there are none. */
const digest = trialDigester();

parentPort?.on('message', ({ number, request }: DigestQuestion) => {
  let answer: DigestAnswer;
  try {
    answer = { number, digests: digest(request) };
  } catch (error) {
    answer = { number, problem: error instanceof Error ? error.message : String(error) };
  }
  parentPort?.postMessage(answer);
});
