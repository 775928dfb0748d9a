import { basename, extname } from 'node:path';
import { NoPlainFile, readPlainFile } from '../../store/plain-file.ts';
import { builtInFile, builtInNames, defaultExperiment } from '../built-in.ts';
import { experimentInvalid } from './document.ts';
import { nearestWord } from './nearest.ts';

/** No experiment of people is near this: larger files are something else. */
const mostBytes = 262_144;

/** The text of an experiment and where it came from. */
export interface ExperimentText {
  readonly text: string;
  /** As the user named it, for messages. */
  readonly file: string;
  /** Base name without extension: the experiment's name where it gives none. */
  readonly fallbackName: string;
}

function isPath(nameOrPath: string): boolean {
  return nameOrPath.includes('/') || ['.yaml', '.yml'].includes(extname(nameOrPath));
}

function missing(nameOrPath: string, names: readonly string[]): Error {
  const nearest = nearestWord(nameOrPath, names);
  const ask = nearest === null ? '' : `; did you mean "${nearest}"?`;
  const what = isPath(nameOrPath) ? 'no such file' : 'no built-in experiment and no file of this name';
  return experimentInvalid([`${nameOrPath}: ${what}${ask} (built-in: ${names.join(', ')})`]);
}

function decoded(bytes: Uint8Array, file: string): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch (cause) {
    throw experimentInvalid([`${file}: not a text file (not UTF-8)`], cause);
  }
  throw experimentInvalid([`${file}: not a text file (it holds zero bytes)`]);
}

async function readText(file: string): Promise<string> {
  try {
    return decoded(await readPlainFile(file, mostBytes), file);
  } catch (cause) {
    if (!(cause instanceof NoPlainFile)) throw cause;
    throw experimentInvalid([`${file}: no experiment: ${cause.message}`], cause);
  }
}

/**
 * Reads an experiment by its built-in name or its path; a built-in name goes before a file of the same name (`./name` is the file).
 * @throws TapbenchError `EXPERIMENT_INVALID`
 */
export async function readExperimentText(nameOrPath: string | null, root: string): Promise<ExperimentText> {
  const asked = nameOrPath ?? defaultExperiment;
  const builtIn = isPath(asked) ? null : builtInFile(asked, root);
  const file = builtIn ?? asked;
  const fallbackName = basename(file, extname(file))
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 64);
  try {
    return { text: await readText(file), file, fallbackName: fallbackName === '' ? 'experiment' : fallbackName };
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : null;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw missing(asked, builtInNames(root));
    if (cause instanceof Error && code !== 'EXPERIMENT_INVALID') {
      throw experimentInvalid([`${asked}: can't be read: ${cause.message}`], cause);
    }
    throw cause;
  }
}
