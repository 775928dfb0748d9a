import { noteLogLanguage, notePartsLanguage } from '../record/note-part.ts';
import type { NoteCommand } from './command/command.ts';
import { withAppendix } from './exact-appendix.ts';
import { type ExactPart, readExactBlock } from './exact-block.ts';
import { figuresInProse } from './prose-figures.ts';
import { readBlock } from './read-block.ts';
import { type NoteBlock, type NoteSection, readMarkdown } from './read-markdown.ts';
import type { AnyReading, UnreadLine } from './reading.ts';
import { type CountedLine, type ExactLine, readReportLines } from './report-lines.ts';
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
  /** Lines in code blocks that are neither commands nor any output that is known, and lines of running text and tables that hold figures. */
  readonly notUnderstood: readonly UnreadLine[];
  /** What a report of tapbench says beside the tool's rounded text. */
  readonly parts: readonly ExactPart[];
  /** The same as older reports say it. */
  readonly exact: readonly ExactLine[];
  readonly counted: readonly CountedLine[];
}

/** A lab note as data. */
export interface ReadNote {
  readonly lineCount: number;
  /** Those that hold something. */
  readonly sections: readonly ReadSection[];
  /** Names that the note's list of its own method gives, as reports of tapbench have it. */
  readonly declared: { readonly configurations: readonly string[]; readonly workloads: readonly string[] };
}

interface BlockContent extends Pick<ReadSection, 'commands' | 'readings' | 'notUnderstood' | 'parts'> {
  /** Lines of prose of which nothing was made although they hold figures. */
  readonly inProse: readonly UnreadLine[];
}

/** Prose is no output that was not understood, but for its figures; what was pasted into it without a fence counts. */
function contentOf(block: NoteBlock): BlockContent {
  const nothing = { commands: [], readings: [], parts: [], inProse: [] };
  if (block.language === notePartsLanguage) return { ...nothing, ...readExactBlock(block.text, block.firstLine) };
  if (block.language === noteLogLanguage) {
    return { ...nothing, notUnderstood: [{ line: block.firstLine, text: 'log of a failed trial' }] };
  }
  const { commands, readings, notUnderstood } = readBlock(block, block.firstLine - 1);
  const rest =
    block.kind === 'prose'
      ? { notUnderstood: [], inProse: figuresInProse(notUnderstood) }
      : { notUnderstood, inProse: [] };
  return { commands, readings, parts: [], ...rest };
}

function isEmpty({ kind, text }: NoteBlock): boolean {
  return kind === 'fenced' && text.trim() === '';
}

/** Reports of tapbench say their figures in blocks, too. */
function isReport({ parts, exact, counted }: ReadSection): boolean {
  return parts.length > 0 || exact.length > 0 || counted.length > 0;
}

/** A report lists there what was measured, even where no measurement came of it. */
function saysMethod({ heading, blocks }: NoteSection): boolean {
  return (
    heading === 'Method' &&
    blocks.some(({ kind, text }) => kind === 'prose' && /^- (?:configuration|workload) /m.test(text))
  );
}

function withProse(section: ReadSection, inProse: readonly UnreadLine[]): ReadSection {
  const notUnderstood = [...section.notUnderstood, ...inProse].sort((a, b) => a.line - b.line);
  return { ...section, notUnderstood };
}

function holdsSomething(section: ReadSection): boolean {
  const { commands, readings, notRecorded, notUnderstood } = section;
  return isReport(section) || [commands, readings, notRecorded, notUnderstood].some((each) => each.length > 0);
}

/** Reads a lab note. Never throws: what is not understood is listed with its line. */
export function readNote(text: string): ReadNote {
  const { sections, lineCount } = readMarkdown(text);
  const declared = { configurations: [] as string[], workloads: [] as string[] };
  const read = sections.map(({ path, line, blocks }) => {
    const said = blocks
      .filter(({ kind }) => kind === 'prose')
      .map((block) => readReportLines(block.text, block.firstLine));
    for (const { configurations, workloads } of path.at(-1) === 'Method' ? said : []) {
      declared.configurations.push(...configurations);
      declared.workloads.push(...workloads);
    }
    const contents = blocks.filter((block) => !isEmpty(block)).map(contentOf);
    const section: ReadSection = {
      path,
      line,
      topology: topologyOf(path),
      commands: contents.flatMap(({ commands }) => commands),
      readings: contents.flatMap(({ readings }) => readings),
      notRecorded: blocks.filter(isEmpty).map(({ firstLine }) => firstLine - 1),
      notUnderstood: contents.flatMap(({ notUnderstood }) => notUnderstood),
      parts: contents.flatMap(({ parts }) => parts),
      exact: said.flatMap(({ exact }) => exact),
      counted: said.flatMap(({ counted }) => counted),
    };
    return { section, inProse: contents.flatMap(({ inProse }) => inProse) };
  });
  const isOwn = sections.some(saysMethod) || read.some(({ section }) => isReport(section));
  const whole = read.map(({ section, inProse }) => (isOwn ? section : withProse(section, inProse)));
  return { lineCount, sections: withAppendix(whole).filter(holdsSomething), declared };
}
