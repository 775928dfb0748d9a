import { noteLogLanguage, notePartsLanguage } from '../record/note-part.ts';
import { type NoteCommand, readCommands } from './command/command.ts';
import { readCommandLine } from './command/command-line.ts';
import { withHeadingSide, withKnownSides } from './command/section-sides.ts';
import { type NoteSide, readLeadSide } from './command/side.ts';
import { hasFurtherWords } from './command/tool-command.ts';
import { withAppendix } from './exact-appendix.ts';
import { type ExactPart, readExactBlock } from './exact-block.ts';
import { withKnownIntervals } from './known-intervals.ts';
import { plainText } from './markdown/plain-text.ts';
import { demandFew } from './note-bounds.ts';
import { type BlockPlace, readBlock } from './read-block.ts';
import { type NoteBlock, type NoteSection, readMarkdown } from './read-markdown.ts';
import type { AnyReading, UnreadLine } from './reading.ts';
import { type CountedLine, type ExactLine, type ReportLines, readReportLines } from './report-lines.ts';
import { proseLine, splitLines } from './text-lines.ts';
import { topologyOf, topologyOfLead } from './topology/heading-topology.ts';
import type { NotedTopology } from './topology/noted-topology.ts';
import { withoutTransport } from './transport-text.ts';

/** What stands below one heading, to the next. Lines are those of the note, from 1. */
export interface ReadSection {
  /** Headings from the outermost to its own; empty above the first. */
  readonly path: readonly string[];
  readonly line: number;
  /** As the headings say it; null where they do not. */
  readonly topology: NotedTopology | null;
  /** The heading that speaks of other ends than these; null where none does. */
  readonly otherHeading: string | null;
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

/** A longer heading is no call. */
const longestHeading = 300;

type BlockContent = Pick<ReadSection, 'commands' | 'readings' | 'notUnderstood' | 'parts'>;

/** What the running text above a block of code says of where it ran. */
type Lead = Pick<BlockPlace, 'side' | 'topology'>;

const noLead: Lead = { side: null, topology: null };

function contentOf(block: NoteBlock, lead: Lead): BlockContent {
  const nothing = { commands: [], readings: [], parts: [] };
  if (block.language === notePartsLanguage) return { ...nothing, ...readExactBlock(block.text, block.firstLine) };
  if (block.language === noteLogLanguage) {
    return { ...nothing, notUnderstood: [{ line: block.firstLine, text: 'log of a failed trial' }] };
  }
  return { ...readBlock(block, { above: block.firstLine - 1, ...lead }), parts: [] };
}

/** A heading that is a call, or has one in it. */
function headingCommands(heading: string | undefined, line: number): NoteCommand[] {
  if (heading === undefined || heading.length > longestHeading) return [];
  const { text, sign } = readCommandLine(heading);
  if (sign === null) return [];
  const { commands } = readCommands(text, { side: null, line, lastLine: line });
  return commands.filter((each) => !hasFurtherWords(each)).map((each) => ({ ...each, isMentioned: true }));
}

/** How far above a block running text may say what the block is of. */
const mostParagraphs = 3;

/** Text behind another block may look back at that: of it only the last paragraph is about this one. */
function leadOf(blocks: readonly NoteBlock[], place: number): Lead {
  const above = blocks[place - 1];
  if (blocks[place]?.kind === 'prose') return noLead;
  const behind = topologyBehind(blocks[place + 1]);
  if (above?.kind !== 'prose') return { side: null, topology: behind };
  const lines = splitLines(above.text).map(proseLine);
  const paragraphs = paragraphsOf(lines).slice(place === 1 ? -mostParagraphs : -1);
  const said = paragraphs.map((each) => topologyOfLead(plainText(each)));
  return { side: readLeadSide(lines.at(-1) ?? ''), topology: said.findLast((each) => each !== null) ?? behind };
}

/** Words of a sentence that looks back at the output above it. */
const lookingBack =
  /\b(?:in the (?:above|shown) (?:example|output|test|run)|the (?:example|output|test|run|result)s? above|(?:this|these|that) (?:was|were) (?:measured|run|taken))\b|\bim (?:gezeigten|obigen) beispiel\b/i;

/** What the paragraph right behind a block says of it, in so many words. */
function topologyBehind(below: NoteBlock | undefined): NotedTopology | null {
  if (below?.kind !== 'prose') return null;
  const [paragraph = ''] = paragraphsOf(splitLines(below.text).map(proseLine));
  const sentences = plainText(paragraph).split(/(?<=[.!?])\s+/);
  const said = sentences.filter((each) => lookingBack.test(each)).map(topologyOfLead);
  return said.find((each) => each !== null) ?? null;
}

function paragraphsOf(lines: readonly string[]): string[] {
  const paragraphs: string[] = [];
  let isNew = true;
  for (const line of lines) {
    if (line.trim() !== '') paragraphs.push(isNew ? line : `${paragraphs.pop() ?? ''} ${line}`);
    isNew = line.trim() === '';
  }
  return paragraphs;
}

function isEmpty({ kind, text }: NoteBlock): boolean {
  return kind === 'fenced' && text.trim() === '';
}

/** What a report of tapbench says in its running text. */
interface SaidSection {
  readonly section: NoteSection;
  readonly said: readonly ReportLines[];
}

/** A report has the figures of its running text in blocks, too, and lists what was measured even where no measurement came of it. */
function isOfReport({ section: { heading, blocks }, said }: SaidSection): boolean {
  const saysMethod = heading === 'Method' && blocks.some(({ kind, text }) => kind === 'prose' && method.test(text));
  const hasLines = said.some(({ exact, counted }) => exact.length > 0 || counted.length > 0);
  return saysMethod || hasLines || blocks.some(({ language }) => language === notePartsLanguage);
}

const method = /^- (?:configuration|workload) /m;

function holdsSomething({ commands, readings, notRecorded, notUnderstood, ...said }: SectionContent): boolean {
  const lists = [commands, readings, notRecorded, notUnderstood, said.parts, said.exact, said.counted];
  return lists.some((each) => each.length > 0);
}

type SectionContent = Omit<ReadSection, 'topology' | 'otherHeading'>;

function readSection({ section: { path, line, blocks }, said }: SaidSection, isReport: boolean): SectionContent {
  // Names in a report's running text and headings may look like anything.
  const isRead = (block: NoteBlock): boolean => !isEmpty(block) && !(isReport && block.kind === 'prose');
  const contents = blocks.flatMap((block, place) =>
    isRead(block) ? [contentOf(block, isReport ? noLead : leadOf(blocks, place))] : [],
  );
  const ofHeading = isReport ? [] : headingCommands(path.at(-1), line);
  const commands = withHeadingSide([...ofHeading, ...contents.flatMap((each) => each.commands)], path.at(-1));
  const readings = contents.flatMap((each) => each.readings);
  return {
    path,
    line,
    commands,
    readings: isReport ? readings : withKnownIntervals(readings, commands),
    notRecorded: blocks.filter(isEmpty).map(({ firstLine }) => firstLine - 1),
    notUnderstood: contents.flatMap(({ notUnderstood }) => notUnderstood),
    parts: contents.flatMap(({ parts }) => parts),
    exact: said.flatMap(({ exact }) => exact),
    counted: said.flatMap(({ counted }) => counted),
  };
}

/** Counts what sections hold, as long as it is no more than a note may. */
function demandNote(): (section: SectionContent) => void {
  let [outputs, commands] = [0, 0];
  return (section) => {
    outputs += section.readings.length;
    commands += section.commands.length;
    demandFew('outputs', outputs);
    demandFew('commands', commands);
  };
}

/**
 * Reads a lab note. What is not understood is listed with its line.
 * @throws NoteTooLarge
 */
export function readNote(text: string): ReadNote {
  const { sections, lineCount } = readMarkdown(withoutTransport(text));
  const said = sections.map((section): SaidSection => {
    const prose = section.blocks.filter(({ kind }) => kind === 'prose');
    return { section, said: prose.map((block) => readReportLines(block.text, block.firstLine)) };
  });
  const isReport = said.some(isOfReport);
  const methods = said.filter(({ section }) => section.heading === 'Method').flatMap((each) => each.said);
  const declared = {
    configurations: methods.flatMap(({ configurations }) => configurations),
    workloads: methods.flatMap(({ workloads }) => workloads),
  };
  const sides = new Map<string, NoteSide>();
  const demand = demandNote();
  const read = said.map((each) => {
    const section = readSection(each, isReport);
    demand(section);
    return { ...section, commands: withKnownSides(section.commands, sides) };
  });
  // Headings of empty sections are not judged: a text may have hundreds of thousands.
  const held = withAppendix(read).filter(holdsSomething);
  return { lineCount, sections: held.map((section) => ({ ...section, ...topologyOf(section.path) })), declared };
}
