import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import {
  type ExperimentChoice,
  type LoadedExperiment,
  loadExperiment,
} from '../../src/experiment/file/experiment-file.ts';
import { TapbenchError } from '../../src/record/error.ts';

/** A file `mine.yaml` of the surrounding tests, in a folder of its own. */
export interface ExperimentFileOfTests {
  readonly folder: () => string;
  /** Writes the file and loads it. */
  readonly load: (text: string | Uint8Array, choice?: Partial<ExperimentChoice>) => Promise<LoadedExperiment>;
  /** The lines of the error with which it is refused, without the folder. */
  readonly mistakes: (text: string | Uint8Array, choice?: Partial<ExperimentChoice>) => Promise<string[]>;
}

export function useExperimentFile(): ExperimentFileOfTests {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tapbench-experiment-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });
  const file = (): string => join(folder, 'mine.yaml');
  const load: ExperimentFileOfTests['load'] = async (text, choice = {}) => {
    await writeFile(file(), text);
    return await loadExperiment({ nameOrPath: file(), overrides: [], ...choice });
  };
  return {
    folder: () => folder,
    load,
    mistakes: async (text, choice = {}) => {
      const error: unknown = await load(text, choice).then(
        () => new Error('was accepted'),
        (cause: unknown) => cause,
      );
      if (!(error instanceof TapbenchError)) throw error;
      expect(error.code).toBe('EXPERIMENT_INVALID');
      return error.message.split('\n').map((line) => line.replaceAll(`${folder}/`, ''));
    },
  };
}
