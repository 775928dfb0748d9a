import { parentPort, workerData } from 'node:worker_threads';
import { simulations } from './simulations.ts';

/** Runs the simulations whose numbers it is sent, one at a time, and sends their cells back. */
const experiments = Number(workerData);
parentPort?.on('message', (index: number) => {
  parentPort?.postMessage({ index, cells: simulations[index]?.run(experiments) ?? [] });
});
