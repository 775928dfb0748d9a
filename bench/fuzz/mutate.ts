/** A small generator of random numbers (mulberry32), so that a run can be repeated by its seed. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** Whole number from 0 to `below` - 1. */
  below(below: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * below);
  }

  pick<T>(values: readonly T[], fallback: T): T {
    return values[this.below(values.length)] ?? fallback;
  }
}

const odd = [
  '\u0000',
  '\u001b[31m',
  '\ufeff',
  '\u200b',
  '\u00a0',
  '\u2028',
  '\ud800',
  '٣',
  '１',
  '−',
  'é',
  '🚀',
  '\r',
  '\t',
  '```',
  '{',
  '[',
  '"',
  '\\',
  '$ ',
  '# ',
  '> ',
  '- - - - -',
  '...',
  'NaN',
  'Infinity',
  '-nan',
  '1e999',
  '[STDOUT] ',
  '<script>',
  '[SUM]',
  '@[',
  ']: ',
];
const numbers = [
  '0',
  '-1',
  '1e308',
  '9007199254740993',
  '00000000000000000000001',
  '9'.repeat(30),
  '9'.repeat(400),
  '0.0000000000000000000000001',
  '1.2.3',
  '1,234',
];

type Mutation = (text: string, random: Random, others: readonly string[]) => string;

function onLines(change: (lines: string[], at: number, random: Random) => void): Mutation {
  return (text, random) => {
    const lines = text.split('\n');
    change(lines, random.below(lines.length), random);
    return lines.join('\n');
  };
}

/** Puts a piece in, in place of `removed` characters. */
function insert(text: string, at: number, { piece = '', removed = 0 }): string {
  return text.slice(0, at) + piece + text.slice(at + removed);
}

const mutations: readonly Mutation[] = [
  (text, random) =>
    insert(text, random.below(text.length + 1), { piece: String.fromCharCode(random.below(256)), removed: 1 }),
  (text, random) => insert(text, random.below(text.length + 1), { piece: random.pick(odd, '') }),
  (text, random) => insert(text, random.below(text.length + 1), { removed: random.below(20) }),
  (text, random) => text.slice(0, random.below(text.length + 1)),
  (text, random) => text.slice(random.below(text.length + 1)),
  onLines((lines, at) => void lines.splice(at, 1)),
  onLines((lines, at) => void lines.splice(at, 0, lines[at] ?? '')),
  onLines((lines, at, random) => {
    const other = random.below(lines.length);
    [lines[at], lines[other]] = [lines[other] ?? '', lines[at] ?? ''];
  }),
  onLines((lines, at, random) => {
    lines[at] = `${random.pick(odd, '')}${lines[at] ?? ''}`;
  }),
  onLines((lines, at, random) => {
    lines[at] = (lines[at] ?? '').replace(/\d+(?:\.\d+)?/g, (each) =>
      random.below(2) === 0 ? random.pick(numbers, each) : each,
    );
  }),
  (text, random) => {
    const piece = random.pick(['[', '{"a":', '> ', '- ', '(', '"', '\\"', '@[a, '], '[');
    return insert(text, random.below(text.length + 1), { piece: piece.repeat(1 + random.below(3000)) });
  },
  (text, random, others) => {
    const other = random.pick(others, '');
    return `${text.slice(0, random.below(text.length + 1))}\n${other.slice(random.below(other.length + 1))}`;
  },
  (text) => text.replaceAll('\n', '\r\n'),
  (text, random) => text.replace(/\d/g, (each) => (random.below(30) === 0 ? String(random.below(10)) : each)),
];

/** One to four changes of a text. */
export function mutate(text: string, random: Random, others: readonly string[]): string {
  let changed = text;
  for (let rounds = 1 + random.below(4); rounds > 0; rounds -= 1) {
    changed = random.pick(mutations, (same) => same)(changed, random, others);
  }
  return changed;
}
