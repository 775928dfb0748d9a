import type { Phase } from '../record/trial.ts';
import { monotonicNs } from './clock.ts';

/** Collects how long each step took. */
export class Phases {
  readonly list: Phase[] = [];

  /** Runs a step and notes its wall time, also where it fails. */
  async time<T>(name: string, step: () => Promise<T>): Promise<T> {
    const startNs = monotonicNs();
    try {
      return await step();
    } finally {
      this.add({ name, startNs, endNs: monotonicNs(), isWindow: false });
    }
  }

  add(phase: Phase): void {
    this.list.push(phase);
  }
}
