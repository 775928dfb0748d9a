import { lastWordsOf } from './last-words.ts';

/** Longer lines are cut: neither what is kept nor what is shown of a guest's words has a length that the guest chooses. */
const longestLine = 1_024;

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
    this.#partial = (lines.pop() ?? '').slice(0, longestLine);
    const whole = lines.map((line) => line.slice(0, longestLine));
    this.#lines = [...this.#lines, ...whole].slice(-this.#limit);
    for (const line of whole) this.#lastWords ??= lastWordsOf(line);
  }

  lines(): string[] {
    return [...this.#lines, this.#partial].filter((line) => line.trim() !== '');
  }

  /** Why the guest has stopped, in words for people; null while it says no such thing. */
  get lastWords(): string | null {
    return this.#lastWords;
  }
}
