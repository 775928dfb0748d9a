/** What the level-one machine says of itself on its second serial port, as /init writes it. */
export type LevelOneEvent =
  | { readonly kind: 'up' }
  | { readonly kind: 'alive' }
  /** The results are on the third disk: a tar of so many bytes at its beginning. */
  | { readonly kind: 'done'; readonly bytes: number }
  | { readonly kind: 'fail'; readonly reason: string }
  /** A line of the job itself. */
  | { readonly kind: 'line'; readonly text: string };

/** First character of the machine's own lines. */
const mark = '\u001e';

/** One line of the port, without its end. A line of the machine that is not known is one of the job. */
export function readLevelOneLine(line: string): LevelOneEvent {
  const text = line.replace(/\r$/, '');
  const at = text.indexOf(mark);
  const [word = '', ...rest] = at < 0 ? [] : text.slice(at + 1).split(' ');
  switch (word) {
    case 'up':
    case 'alive':
      return { kind: word };
    case 'fail':
      return { kind: 'fail', reason: rest.join(' ') };
    case 'done': {
      const bytes = Number(rest[0]);
      return Number.isSafeInteger(bytes) && bytes > 0
        ? { kind: 'done', bytes }
        : { kind: 'fail', reason: `no size of the results: ${rest.join(' ')}` };
    }
    default:
      return { kind: 'line', text };
  }
}
