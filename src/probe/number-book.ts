/** The largest number that a thread can have (PID_MAX_LIMIT of linux/threads.h, less one). In a container they are far smaller. */
const largestNumber = 2 ** 22 - 1;

/** Numbers of threads in our pid namespace and in the kernel's first one, both ways. */
export class NumberBook {
  readonly #outer = new Map<number, number>();
  readonly #inner = new Map<number, number>();
  #unknown = 0;

  note(inner: number, outer: number): void {
    this.#outer.set(inner, outer);
    this.#inner.set(outer, inner);
  }

  has(inner: number): boolean {
    return this.#outer.has(inner);
  }

  /** A thread that was not noted has ended: what is given for it is no thread's number. */
  outer(inner: number): number {
    return this.#outer.get(inner) ?? largestNumber + 1;
  }

  /** A thread that came and went before it was noted gets a number that no other has, and keeps it. */
  inner(outer: number): number {
    const known = this.#inner.get(outer);
    if (known !== undefined) return known;
    const made = largestNumber - this.#unknown;
    this.#unknown += 1;
    this.#inner.set(outer, made);
    return made;
  }
}
