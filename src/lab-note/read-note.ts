import type { NoteCommand } from './command/command.ts';
import { readBlock } from './read-block.ts';
import { type NoteBlock, readMarkdown } from './read-markdown.ts';
import type { AnyReading, UnreadLine } from './reading.ts';
import { type NotedTopology, topologyOf } from './topology-words.ts';

/** What stands below one heading, to the next. Lines are those of the note, from 1. */
export interface ReadSection {
  /** Headings from the outermost to its own; empty above the first. */
  readonly path: readonly string[];
  readonly line: number;
  /** As the headings say it; null where they do not. */
  readonly topology: NotedTopology | null;
  readonly commands: readonly NoteCommand[];
  readonly readings: readonly AnyReading[];
  /** Lines of the opening fences of blocks that were left empty: planned, and not recorded. */
  readonly notRecorded: readonly number[];
  /** Lines in code blocks that are neither commands nor any output that is known. */
  readonly notUnderstood: readonly UnreadLine[];
}

/** A lab note as data. */
export interface ReadNote {
  readonly lineCount: number;
  /** Those that hold something. */
  readonly sections: readonly ReadSection[];
}

/** Moves all line numbers in what was read from a block to where the block stands. Its members are told by their names, which are the same everywhere in this room. */
function movedBy<T>(value: T, lines: number): T {
  if (Array.isArray(value)) return value.map((each: unknown) => movedBy(each, lines)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, member]: [string, unknown]) => {
    if ((key === 'line' || key === 'lastLine') && typeof member === 'number') return [key, member + lines];
    if (key === 'lines' && Array.isArray(member)) return [key, member.map((line: number) => line + lines)];
    return [key, movedBy(member, lines)];
  });
  return Object.fromEntries(entries) as T;
}

/** Prose is no output that was not understood; what was pasted into it without a fence counts. */
function contentOf(block: NoteBlock): Omit<ReadSection, 'path' | 'line' | 'topology' | 'notRecorded'> {
  const { commands, readings, notUnderstood } = movedBy(readBlock(block), block.firstLine - 1);
  return { commands, readings, notUnderstood: block.kind === 'prose' ? [] : notUnderstood };
}

function isEmpty({ kind, text }: NoteBlock): boolean {
  return kind === 'fenced' && text.trim() === '';
}

/** Reads a lab note. Never throws: what is not understood is listed with its line. */
export function readNote(text: string): ReadNote {
  const { sections, lineCount } = readMarkdown(text);
  const read = sections.map(({ path, line, blocks }): ReadSection => {
    const contents = blocks.filter((block) => !isEmpty(block)).map(contentOf);
    return {
      path,
      line,
      topology: topologyOf(path),
      commands: contents.flatMap(({ commands }) => commands),
      readings: contents.flatMap(({ readings }) => readings),
      notRecorded: blocks.filter(isEmpty).map(({ firstLine }) => firstLine - 1),
      notUnderstood: contents.flatMap(({ notUnderstood }) => notUnderstood),
    };
  });
  const holds = ({ commands, readings, notRecorded, notUnderstood }: ReadSection): boolean =>
    commands.length + readings.length + notRecorded.length + notUnderstood.length > 0;
  return { lineCount, sections: read.filter(holds) };
}
