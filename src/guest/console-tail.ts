import { lastWordsOf } from './last-words.ts';

/** The last lines of a guest's console, for people who must find out what happened. */
export class ConsoleTail {
  readonly #limit: number;
  #lines: string[] = [];
  #partial = '';
  #lastWords: string | null = null;

  constructor(limit = 60) {
    this.#limit = limit;
  }

  push(text: string): void {
    const lines = (this.#partial + text.replaceAll('\r', '')).split('\n');
    this.#partial = (lines.pop() ?? '').slice(-4096);
    this.#lines = [...this.#lines, ...lines].slice(-this.#limit);
    for (const line of lines) this.#lastWords ??= lastWordsOf(line);
  }

  lines(): string[] {
    return [...this.#lines, this.#partial].filter((line) => line.trim() !== '');
  }

  /** Why the guest has stopped, in words for people; null while it says no such thing. */
  get lastWords(): string | null {
    return this.#lastWords;
  }
}
