/** The last lines of a guest's console, for people who must find out what happened. */
export class ConsoleTail {
  readonly #limit: number;
  #lines: string[] = [];
  #partial = '';

  constructor(limit = 60) {
    this.#limit = limit;
  }

  push(text: string): void {
    const lines = (this.#partial + text.replaceAll('\r', '')).split('\n');
    this.#partial = (lines.pop() ?? '').slice(-4096);
    this.#lines = [...this.#lines, ...lines].slice(-this.#limit);
  }

  lines(): string[] {
    return [...this.#lines, this.#partial].filter((line) => line.trim() !== '');
  }

  includes(text: string): boolean {
    return this.#partial.includes(text) || this.#lines.some((line) => line.includes(text));
  }
}
