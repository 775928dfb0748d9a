/** Lines of prose that a report of tapbench has and a program reads back. */

/** `Exact: ...`: figures with every digit where the tool's own text is rounded. */
export interface ExactLine {
  readonly line: number;
  readonly words: readonly { readonly path: string; readonly value: string }[];
}

/** `Counted by ...`: in which window the system calls were counted, and what work was done in it. */
export interface CountedLine {
  readonly line: number;
  readonly source: 'bpftrace' | 'procfs-io' | 'perf-trace' | 'strace';
  /** Why it was this source; null where it is the usual one. */
  readonly reason: string | null;
  readonly mode: 'inline' | 'separate';
  readonly roundTrips: number | null;
  readonly payloadBytes: number | null;
}

export interface ReportLines {
  readonly exact: readonly ExactLine[];
  readonly counted: readonly CountedLine[];
  /** Names of configurations and workloads, as the section on the method lists them. */
  readonly configurations: readonly string[];
  readonly workloads: readonly string[];
}

const exact = /^Exact: (`{1,10}) ?(\S.*?) ?\1\s*$/;
const counted =
  /^Counted by (bpftrace|procfs-io|perf-trace|strace)(?: \((.{1,300})\))? in (the measured window itself|a traced window after the measured one): (.{1,200})$/;
const declared = /^- (configuration|workload) (\S.{0,200}?): /;

function wholeNumber(digits: string | undefined): number | null {
  if (digits === undefined) return null;
  const value = Number(digits.replaceAll(',', ''));
  return Number.isSafeInteger(value) ? value : null;
}

/** Without the signs that keep Markdown from reading the text. */
function unescaped(text: string): string {
  return text.replace(/\\([!-/:-@[-`{-~])/g, '$1');
}

function exactLine(text: string, line: number): ExactLine | null {
  const words = exact.exec(text)?.[2]?.split(/\s+/);
  if (words === undefined) return null;
  const read = words.map((word) => {
    const at = word.indexOf('=');
    return at < 1 ? { path: word, value: '' } : { path: word.slice(0, at), value: word.slice(at + 1) };
  });
  return { line, words: read };
}

function countedLine(text: string, line: number): CountedLine | null {
  const [, source, reason, where, work = ''] = counted.exec(text) ?? [];
  if (source !== 'bpftrace' && source !== 'procfs-io' && source !== 'perf-trace' && source !== 'strace') return null;
  return {
    line,
    source,
    reason: reason === undefined ? null : unescaped(reason),
    mode: where === 'the measured window itself' ? 'inline' : 'separate',
    roundTrips: wholeNumber(/(?:^|\s)([\d,]{1,24}) round trips/.exec(work)?.[1]),
    payloadBytes: wholeNumber(/(?:^|\s)([\d,]{1,24}) payload bytes/.exec(work)?.[1]),
  };
}

const nothing: ReportLines = { exact: [], counted: [], configurations: [], workloads: [] };

/** Reads the lines of a block of prose that begins on line `firstLine`. */
export function readReportLines(text: string, firstLine: number): ReportLines {
  if (!/Exact: |Counted by |- (?:configuration|workload) /.test(text)) return nothing;
  const lines = text.split(/\r\n|\n|\r/);
  const found = { exact: [] as ExactLine[], counted: [] as CountedLine[] };
  const names = { configuration: [] as string[], workload: [] as string[] };
  lines.forEach((each, index) => {
    const one = exactLine(each, firstLine + index);
    if (one !== null) found.exact.push(one);
    const window = countedLine(each, firstLine + index);
    if (window !== null) found.counted.push(window);
    const [, kind, name = ''] = declared.exec(each) ?? [];
    if (kind === 'configuration' || kind === 'workload') names[kind].push(unescaped(name));
  });
  return { ...found, configurations: names.configuration, workloads: names.workload };
}
