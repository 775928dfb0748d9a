import type { Readable } from 'node:stream';

/**
 * Takes a stream line by line, without their ends. Of a line that is longer than `longest` the rest is left out: who writes without a
 * line break takes no memory here.
 */
export function eachBoundedLine(source: Readable, take: (line: string) => void, longest = 4_096): void {
  let partial = '';
  source.setEncoding('utf8');
  source.on('data', (piece: string) => {
    const [first = '', ...more] = piece.split('\n');
    partial = (partial + first).slice(0, longest);
    for (const line of more) {
      take(partial);
      partial = line.slice(0, longest);
    }
  });
  source.on('end', () => {
    if (partial !== '') take(partial);
  });
}
