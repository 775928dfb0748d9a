import { type LeftOutList, shortText } from './left-out.ts';

/** Doubles that were scaled, written and read again differ by less. */
const tolerance = 1e-12;

/** Holds exact values against what the text says. */
export class Reconciliation {
  /** Half units of printed figures, by their paths. Those of figures that are exact now are taken out. */
  readonly #rounding: Record<string, number>;
  readonly #line: number;
  readonly #leftOut: LeftOutList;
  readonly #contradicted = new Set<string>();

  constructor(rounding: Record<string, number>, line: number, leftOut: LeftOutList) {
    this.#rounding = rounding;
    this.#line = line;
    this.#leftOut = leftOut;
  }

  /**
   * The exact value where the text has none, or one that agrees within its rounding; else what the text says, and the difference is listed. Objects and
   * lists of one length are held together field by field.
   */
  of<T>(printed: T, exact: T, path: string): T {
    // Both are of one type, and field by field it is kept.
    return this.#of(printed, exact, path) as T;
  }

  /** Whether the text says otherwise. */
  isContradicted(path: string): boolean {
    return this.#contradicted.has(path);
  }

  #of(printed: unknown, exact: unknown, path: string): unknown {
    if (printed === null || printed === undefined) return exact;
    if (typeof printed === 'number' && typeof exact === 'number') {
      if (!this.#agree(printed, exact, path)) return this.#refuse(printed, exact, path);
      Reflect.deleteProperty(this.#rounding, path);
      return exact;
    }
    if (Array.isArray(printed)) {
      if (printed.length === 0) return exact;
      if (!Array.isArray(exact) || exact.length !== printed.length) return this.#refuse(printed, exact, path);
      return printed.map((each: unknown, place) => this.#of(each, exact[place], `${path}.${String(place)}`));
    }
    if (isTree(printed) && isTree(exact)) {
      return Object.fromEntries(
        Object.keys(exact).map((key) => [key, this.#of(printed[key], exact[key], `${path}.${key}`)]),
      );
    }
    return printed === exact ? exact : this.#refuse(printed, exact, path);
  }

  #agree(printed: number, exact: number, path: string): boolean {
    const room = Object.hasOwn(this.#rounding, path) ? (this.#rounding[path] ?? 0) : 0;
    return Math.abs(printed - exact) <= room + Math.abs(exact) * tolerance;
  }

  #refuse(printed: unknown, exact: unknown, path: string): unknown {
    this.#contradicted.add(path);
    const said = `exact ${path} ${shortText(textOf(exact))}`;
    this.#leftOut.add(this.#line, said, `it contradicts the text, which says ${shortText(textOf(printed))}`);
    return printed;
  }
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return `${String(value.length)} entries`;
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
