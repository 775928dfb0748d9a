import { mostSharedWindows } from '../../record/experiment.ts';
import { workloadFor } from '../../workload/bound-workload.ts';
import type { Readiness } from '../../workload/workload.ts';
import { mistakeOf, specOf } from '../../workload/written.ts';
import type { Mistake } from './issue.ts';
import type { ExperimentFile, OneWorkload } from './schema.ts';

type Entry = ExperimentFile['workloads'][number];

/** One workload, and where it stands in the file. */
interface Written {
  readonly written: OneWorkload;
  readonly path: readonly (string | number)[];
}

function ofEntry(entry: Entry, index: number): Written[] {
  if (!('together' in entry)) return [{ written: entry, path: ['workloads', index] }];
  return entry.together.map((written, place) => ({ written, path: ['workloads', index, 'together', place] }));
}

/** All workloads of a file, in its order, those of one window one after another. */
export function writtenWorkloads({ workloads }: ExperimentFile): Written[] {
  return workloads.flatMap(ofEntry);
}

/** Names of the workloads that share a window, for each window of several. */
export function sharedWindows({ workloads }: ExperimentFile): string[][] {
  return workloads.flatMap((entry) => ('together' in entry ? [entry.together.map(({ name }) => name)] : []));
}

function valueMistakes({ written, path }: Written): Mistake[] {
  const mistake = mistakeOf(written);
  return mistake === null ? [] : [{ path: [...path, mistake.key], isAboutKey: true, message: mistake.message }];
}

/** A name that an earlier workload has. Where it is the default, the workload itself is pointed at. */
function nameMistakes(all: readonly Written[]): Mistake[] {
  return all.flatMap(({ written, path }, index) => {
    const first = all.findIndex((other) => other.written.name === written.name);
    if (first === index) return [];
    const message = `"${written.name}" is already the name of ${all[first]?.path.join('.') ?? ''}: give this one another with name:`;
    return [{ path: [...path, 'name'], isAboutKey: false, message }];
  });
}

/** Where its server listens; null without one. */
function listensOn(written: OneWorkload): Readiness | null {
  return workloadFor(specOf(written)).server({ serverAddress: '', clientFolder: '', keepsLog: false })?.ready ?? null;
}

/** Servers of one window that would want the same port. */
function portMistakes(window: readonly Written[]): Mistake[] {
  const taken = new Map<string, Written>();
  return window.flatMap((one) => {
    const ready = listensOn(one.written);
    if (ready === null) return [];
    const port = `${ready.protocol.toUpperCase()} port ${String(ready.port)}`;
    const other = taken.get(port);
    taken.set(port, other ?? one);
    if (other === undefined) return [];
    const message = `"${one.written.name}" and "${other.written.name}" both need a server on ${port}: give each a window of its own, or take another workload`;
    return [{ path: one.path, isAboutKey: false, message }];
  });
}

/** A search runs alone: it would find the rate of a path without the load. */
function searchMistakes(window: readonly Written[]): Mistake[] {
  return window.flatMap(({ written, path }) => {
    if (workloadFor(specOf(written)).search === null) return [];
    const message =
      "can't share a window: it would find the rate of a path without the others; give this workload a window of its own";
    return [{ path: [...path, 'search'], isAboutKey: true, message }];
  });
}

function windowMistakes(entry: Entry, index: number): Mistake[] {
  if (!('together' in entry)) return [];
  const count = entry.together.length;
  if (count >= 2) {
    const window = ofEntry(entry, index);
    return [...searchMistakes(window), ...portMistakes(window)];
  }
  const message = `${count === 0 ? 'none' : 'one workload'} can't share a window: list two or more, or write the workload without together`;
  return [{ path: ['workloads', index, 'together'], isAboutKey: false, message }];
}

function manyWindows(file: ExperimentFile): Mistake[] {
  const count = sharedWindows(file).length;
  if (count <= mostSharedWindows) return [];
  const message = `must be at most ${String(mostSharedWindows)} windows that are shared, not ${String(count)}`;
  return [{ path: ['workloads'], isAboutKey: true, message }];
}

/** What is wrong with workloads that are each right by themselves, or in values that are. */
export function workloadMistakes(file: ExperimentFile): Mistake[] {
  const all = writtenWorkloads(file);
  return [
    ...all.flatMap(valueMistakes),
    ...nameMistakes(all),
    ...file.workloads.flatMap(windowMistakes),
    ...manyWindows(file),
  ];
}
