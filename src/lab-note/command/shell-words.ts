/** One command of a line: its words, and what ended it. */
export interface SimpleCommand {
  readonly words: readonly string[];
  /** `&`, `|`, `;`, `&&`, `||`, or null at the end of the line. */
  readonly operator: string | null;
}

export interface ShellLine {
  readonly commands: readonly SimpleCommand[];
  /** What stands behind `#`; null where there is none. */
  readonly comment: string | null;
}

const blank = /[ \t]+/y;
/** `<server-ip>`: something to be put in, no redirection. */
const placeholder = /<[A-Za-z](?:[\w .:/-]{0,40}\w)?>/y;
const operator = /&&|\|\||[;&|]/y;
/** With the word that follows: no part of the program's arguments. */
const redirection = /(?:\d{0,2}(?:>>|>&|<<<|<<|[<>])|&>>?)(?:&\d|&-)?/y;
const plain = /[^ \t'"\\;&|<>#]+|#/y;
const single = /'[^']*'/y;
const double = /"(?:[^"\\]|\\.)*"/y;
const escaped = /\\(.?)/y;

class ShellReader {
  readonly commands: SimpleCommand[] = [];
  comment: string | null = null;
  readonly #text: string;
  #place = 0;
  #words: string[] = [];
  #word: string | null = null;
  #isTarget = false;

  constructor(text: string) {
    this.#text = text;
  }

  read(): ShellLine {
    while (this.#place < this.#text.length && this.comment === null) this.#step();
    this.#endCommand(null);
    return { commands: this.commands, comment: this.comment };
  }

  #step(): void {
    if (this.#match(blank) !== null) {
      this.#endWord();
      return;
    }
    if (this.#word === null && this.#text[this.#place] === '#') {
      this.comment = this.#text.slice(this.#place + 1).trim();
      return;
    }
    const named = this.#match(placeholder);
    if (named !== null) {
      this.#add(named[0]);
      return;
    }
    if (this.#word === null || /^\d{1,2}$/.test(this.#word)) {
      const isRedirected = this.#match(redirection);
      if (isRedirected !== null) {
        this.#word = null;
        this.#isTarget = !/&[\d-]$/.test(isRedirected[0]);
        return;
      }
    }
    this.#stepInWord();
  }

  #stepInWord(): void {
    const quoted = this.#match(single) ?? this.#match(double);
    if (quoted !== null) {
      const isDouble = quoted[0].startsWith('"');
      const inner = quoted[0].slice(1, -1);
      this.#add(isDouble ? inner.replace(/\\(["\\$`])/g, '$1') : inner);
      return;
    }
    const character = this.#match(escaped);
    if (character !== null) {
      this.#add(character[1] ?? '');
      return;
    }
    const word = this.#match(plain);
    if (word !== null) {
      this.#add(word[0]);
      return;
    }
    const ends = this.#match(operator);
    if (ends !== null) this.#endCommand(ends[0]);
    else if (this.#match(redirection) !== null) {
      this.#endWord();
      this.#isTarget = true;
    } else this.#takeOne();
  }

  /** A quote without its partner. At the very end it is of words around the command. */
  #takeOne(): void {
    const sign = this.#text[this.#place] ?? '';
    this.#place += 1;
    if (this.#text.slice(this.#place).trim() !== '' || this.#word === null) this.#add(sign);
  }

  #add(text: string): void {
    this.#word = (this.#word ?? '') + text;
  }

  #endWord(): void {
    if (this.#word !== null) {
      if (!this.#isTarget) this.#words.push(this.#word);
      this.#isTarget = false;
    }
    this.#word = null;
  }

  #endCommand(by: string | null): void {
    this.#endWord();
    this.#isTarget = false;
    if (this.#words.length > 0) this.commands.push({ words: this.#words, operator: by });
    this.#words = [];
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#place;
    const match = pattern.exec(this.#text);
    if (match !== null) this.#place = pattern.lastIndex;
    return match;
  }
}

/** Splits a line of shell into commands and words: quotes are resolved, redirections cut off; `$` and globs stay as they are. */
export function readShellLine(text: string): ShellLine {
  return new ShellReader(text).read();
}
