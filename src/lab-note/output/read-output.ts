import { type JsonNode, readJsonText } from '../json-text.ts';
import { demandFew } from '../note-bounds.ts';
import type { AnyReading, OutputText, UnreadLine } from '../reading.ts';
import { splitLines, type TextLine, textLines } from '../text-lines.ts';
import { captionOf, commandMark, isWithoutContent } from './block-line.ts';
import { BpftraceText } from './bpftrace-text.ts';
import { readFailure } from './failure-text.ts';
import { IperfCsv } from './iperf-csv.ts';
import { IperfText } from './iperf-text.ts';
import { JsonOutputs } from './json-outputs.ts';
import { multilineStrings } from './json-strings.ts';
import { PerfTraceSummary } from './perf-trace-summary.ts';
import type { OutputReader } from './reader.ts';
import { SockperfText } from './sockperf-text.ts';
import { StraceSummary } from './strace-summary.ts';

const readers: readonly (() => OutputReader)[] = [
  () => new IperfText(),
  () => new IperfCsv(),
  () => new SockperfText(),
  () => new BpftraceText(),
  () => new StraceSummary(),
  () => new PerfTraceSummary(),
];

/** No tool prints a longer line as text; JSON lines have no bound. */
const longestLine = 2000;
/** Lines that begin like JSON and are none: after so many the text is no tool's. */
const mostBrokenJson = 1000;
/** Strings of JSON in strings of JSON. */
const deepestStrings = 3;

/** Reads the outputs that stand in a text one after another. */
class OutputScan {
  readonly #lines: readonly TextLine[];
  readonly #depth: number;
  readonly #readings: AnyReading[] = [];
  readonly #unread: UnreadLine[] = [];
  readonly #json = new JsonOutputs();
  /** Readers that have taken nothing, or only what others print too. */
  readonly #idle = readers.map((make) => make());
  readonly #weak: TextLine[][] = readers.map(() => []);
  #active: { reader: OutputReader; kind: number; lines: TextLine[] } | null = null;
  #caption: string | null = null;
  #brokenJson = 0;
  /** Of the last failure. */
  #failureLines: number[] = [];
  #joined: { text: string; starts: readonly number[] } | null = null;

  /** @param depth how many strings the text stands in */
  constructor(lines: readonly TextLine[], depth = 0) {
    this.#lines = lines;
    this.#depth = depth;
  }

  run(): OutputText {
    for (let index = 0; index < this.#lines.length; ) {
      const line = this.#lines[index];
      if (line === undefined) break;
      const isJson =
        this.#brokenJson < mostBrokenJson && line.text.includes('{') && line.text.trimStart().startsWith('{');
      index += isJson ? this.#takeJson(index) : 1;
      demandFew('outputs', this.#readings.length);
      if (line.text === commandMark) this.#breakOff();
      else if (!isJson && line.text !== '') this.#takeText(line);
    }
    this.#closeActive();
    for (const kind of this.#weak.keys()) this.#dropWeak(kind);
    const readings = [...this.#readings, ...this.#json.finish()];
    readings.sort((a, b) => (a.lines[0] ?? 0) - (b.lines[0] ?? 0));
    this.#unread.sort((a, b) => a.line - b.line);
    return { readings, notUnderstood: this.#unread };
  }

  #takeText(line: TextLine): void {
    if (line.text.length > longestLine) {
      this.#miss(line);
      return;
    }
    if (this.#offerActive(line) || this.#offerIdle(line)) return;
    const failure = readFailure(line);
    if (failure !== null) {
      this.#addFailure(failure);
      return;
    }
    const caption = captionOf(line.text);
    if (caption !== null) {
      this.#breakOff();
      this.#caption = caption;
    }
    this.#miss(line);
  }

  /** What follows is of another output. */
  #breakOff(): void {
    this.#closeActive();
    this.#json.close();
    for (const kind of this.#weak.keys()) this.#dropWeak(kind);
  }

  #offerActive(line: TextLine): boolean {
    const active = this.#active;
    if (active === null) return false;
    const taken = active.reader.take(line);
    if (taken === 'taken' || taken === 'weak') {
      active.lines.push(line);
      return true;
    }
    if (taken === 'new') {
      this.#closeActive();
      this.#idle[active.kind] = active.reader.next?.() ?? this.#idle[active.kind] ?? active.reader;
    }
    return false;
  }

  #offerIdle(line: TextLine): boolean {
    let isWeak = false;
    for (const [kind, reader] of this.#idle.entries()) {
      if (kind === this.#active?.kind) continue;
      const taken = reader.take(line);
      if (taken === 'taken') {
        this.#open(kind, reader, line);
        return true;
      }
      if (taken === 'weak') this.#weak[kind]?.push(line);
      else this.#dropWeak(kind);
      isWeak ||= taken === 'weak';
    }
    return isWeak;
  }

  #open(kind: number, reader: OutputReader, line: TextLine): void {
    this.#closeActive();
    this.#json.close();
    this.#active = { reader, kind, lines: [...(this.#weak[kind] ?? []), line] };
    this.#weak[kind] = [];
    this.#renew(kind);
    for (const other of this.#weak.keys()) this.#dropWeak(other);
  }

  #renew(kind: number): void {
    const make = readers[kind];
    if (make !== undefined) this.#idle[kind] = make();
  }

  /** What looked like the beginning of an output was none. */
  #dropWeak(kind: number): void {
    const lines = this.#weak[kind] ?? [];
    if (lines.length === 0) return;
    for (const line of lines) this.#miss(line);
    this.#weak[kind] = [];
    this.#renew(kind);
  }

  #closeActive(): void {
    const active = this.#active;
    if (active === null) return;
    this.#active = null;
    const reading = active.reader.finish();
    if (reading !== null)
      this.#readings.push(this.#caption === null ? reading : { ...reading, caption: this.#caption });
    else for (const line of active.lines) this.#miss(line);
  }

  /** The same words many times over are one failure. */
  #addFailure(failure: Extract<AnyReading, { kind: 'failure' }>): void {
    const last = this.#readings.at(-1);
    if (last?.kind === 'failure' && last.value.message === failure.value.message) {
      this.#failureLines.push(...failure.lines);
      return;
    }
    this.#failureLines = [...failure.lines];
    this.#readings.push({ ...failure, lines: this.#failureLines });
  }

  #miss(line: TextLine): void {
    if (isWithoutContent(line.text)) return;
    // Two readers may have held the same rule as a beginning of theirs.
    if (this.#unread.at(-1)?.line !== line.number) this.#unread.push({ line: line.number, text: line.text });
  }

  /** @returns how many lines were dealt with */
  #takeJson(index: number): number {
    const { text, starts } = this.#join();
    const first = this.#lines[index]?.number ?? 0;
    const { node, end, isWhole } = readJsonText(text, { place: starts[index] ?? 0, line: first });
    let last = index;
    while ((starts[last + 1] ?? Infinity) < end) last += 1;
    const lines = this.#lines.slice(index, last + 1);
    const numbers = lines.map((line) => line.number);
    if (node !== null && this.#json.take(node, { lines: numbers, isCut: !isWhole })) return lines.length;
    if (!isWhole) this.#brokenJson += 1;
    const read = isWhole && node !== null ? this.#takeStrings(node) : new Set();
    const seen = isWhole ? lines : lines.slice(0, 1);
    for (const line of seen) if (!read.has(line.number)) this.#miss(line);
    return seen.length;
  }

  /** What tools printed may stand in a string of another program's JSON. @returns the lines of such strings */
  #takeStrings(node: JsonNode): Set<number> {
    const read = new Set<number>();
    for (const { text, line } of this.#depth < deepestStrings ? multilineStrings(node) : []) {
      const lines = textLines(splitLines(text)).map((each) => ({ ...each, number: line }));
      const { readings } = new OutputScan(lines, this.#depth + 1).run();
      this.#readings.push(...readings.map((reading) => ({ ...reading, lines: [line] })));
      if (readings.length > 0) read.add(line);
    }
    return read;
  }

  #join(): { text: string; starts: readonly number[] } {
    if (this.#joined !== null) return this.#joined;
    const starts: number[] = [];
    let place = 0;
    for (const line of this.#lines) {
      starts.push(place);
      place += line.text.length + 1;
    }
    this.#joined = { text: this.#lines.map((line) => line.text).join('\n'), starts };
    return this.#joined;
  }
}

/** A terminal shows the keys that end a tool where the tool goes on to print. */
function withoutKey(line: string): string {
  return line.startsWith('^') ? line.replace(/^\^[CZD](?=\S)/, '') : line;
}

/**
 * Reads what tools printed out of a text: several outputs one after another, with prompts, log prefixes or noise
 * between them. Pure. Every figure of a reading stands in the line that it names.
 */
export function readOutput(text: string): OutputText {
  return readOutputLines(splitLines(text));
}

/**
 * The same of a text that is split in lines already.
 * @param above lines of the note above them, added to every line's number
 */
export function readOutputLines(lines: readonly string[], above = 0): OutputText {
  return new OutputScan(textLines(lines.map(withoutKey), above)).run();
}
