export interface HeadingBlock {
  readonly kind: 'heading';
  readonly depth: number;
  /** Markdown of its text: the lines of a setext heading without the underline. */
  readonly source: string;
  /** What a reader sees of it. */
  readonly text: string;
  /** Lines, from 1. */
  readonly line: number;
  readonly lastLine: number;
  readonly isUnderlined: boolean;
}

export interface CodeBlock {
  readonly kind: 'code';
  readonly isFenced: boolean;
  /** What stands behind the opening fence. */
  readonly info: string;
  /** First and last line of the whole block, fences included, from 1. */
  readonly line: number;
  readonly lastLine: number;
  /** Line of the first line of `lines`. */
  readonly firstLine: number;
  /** Content, without what the containers (quotes, lists) put before it. */
  readonly lines: readonly string[];
  /** False: the closing fence is missing. */
  readonly isClosed: boolean;
}
