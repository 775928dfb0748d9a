/** Tabs reach to columns that are multiples of this (CommonMark 2.2). */
const tabStop = 4;

function isBlankCharacter(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}

/** A place in one line of Markdown: characters and columns, as tabs make the two differ. */
export class LineCursor {
  readonly text: string;
  offset = 0;
  column = 0;
  /** Columns of a tab that were not consumed with the rest of it. */
  #tabRest = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** Where the next character stands that is no blank, and how many columns away it is. */
  next(): { offset: number; indent: number; isBlank: boolean } {
    let offset = this.offset;
    let column = this.column;
    for (; isBlankCharacter(this.text[offset]); offset += 1) {
      column += this.text[offset] === '\t' ? tabStop - (column % tabStop) : 1;
    }
    return { offset, indent: column - this.column, isBlank: offset >= this.text.length };
  }

  toNext(): void {
    const { offset, indent } = this.next();
    this.offset = offset;
    this.column += indent;
    this.#tabRest = 0;
  }

  /** Goes on by characters that are no tabs. */
  skip(characters: number): void {
    this.offset += characters;
    this.column += characters;
    this.#tabRest = 0;
  }

  /** Goes on by at most `columns` columns of blanks; of a tab perhaps only a part. */
  skipColumns(columns: number): void {
    for (let rest = columns; rest > 0 && isBlankCharacter(this.text[this.offset]); ) {
      const isTab = this.text[this.offset] === '\t';
      const width = isTab ? tabStop - (this.column % tabStop) : 1;
      const step = Math.min(width, rest);
      this.column += step;
      rest -= step;
      this.#tabRest = width - step;
      if (step === width) this.offset += 1;
    }
  }

  /** Goes behind the `>` that is next, and the blank that belongs to it. */
  skipQuoteMarker(): void {
    this.toNext();
    this.skip(1);
    this.skipColumns(1);
  }

  /** What is left of the line; of a tab that was consumed in part the rest as blanks. */
  rest(): string {
    if (this.#tabRest === 0) return this.text.slice(this.offset);
    return ' '.repeat(this.#tabRest) + this.text.slice(this.offset + 1);
  }

  peek(): string | undefined {
    return this.text[this.offset];
  }

  isAtBlank(): boolean {
    return isBlankCharacter(this.peek());
  }

  /** A copy to come back to. */
  mark(): () => void {
    const { offset, column } = this;
    const tabRest = this.#tabRest;
    return () => {
      this.offset = offset;
      this.column = column;
      this.#tabRest = tabRest;
    };
  }
}
