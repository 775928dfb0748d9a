import type { NotePartValue } from '../../record/note-part.ts';
import { exactPart } from '../exact-block.ts';
import type { NoteConfiguration } from './configurations.ts';
import type { LeftOutList } from './left-out.ts';

export type NotedMachine = NotePartValue<'machine'>;

/**
 * The machine of a configuration, as a report of tapbench carries it with each measurement; null where a note has none, or several that differ:
 * these are listed.
 */
export function notedMachine({ outputs }: NoteConfiguration, leftOut: LeftOutList): NotedMachine | null {
  const found = outputs.flatMap(({ output: { parts } }) => {
    const value = exactPart(parts, 'machine');
    const line = parts.find(({ name }) => name === 'machine')?.line ?? 1;
    return value === null ? [] : [{ value, line, text: JSON.stringify(value) }];
  });
  const [first, ...others] = found;
  const other = others.find(({ text }) => text !== first?.text);
  if (first === undefined) return null;
  if (other === undefined) return first.value;
  leftOut.add(other.line, 'exact machine', 'another measurement of this configuration has another');
  return null;
}
