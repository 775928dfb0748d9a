/** What the guest writes on its console, cut into frames (protocol: init.sh). Everything between frames is the console's own text. */
export type Frame =
  | { readonly kind: 'hello'; readonly version: number }
  | { readonly kind: 'armed'; readonly id: number }
  /** A line came without its beginning: it is to be sent again. */
  | { readonly kind: 'again' }
  | {
      readonly kind: 'reply';
      readonly id: number;
      readonly status: number;
      /** `none`: all files empty; `gzip`: in `body`, packed; `large`: left in the guest. */
      readonly form: 'none' | 'gzip' | 'large';
      readonly sizes: readonly number[];
      readonly body: string;
    }
  /** A reply that goes on past what one may be long: nothing of it is kept. */
  | { readonly kind: 'endless' };

const mark = '\x1e';
const replyEnd = `${mark}.\n`;
/** At most four files, each of less than 2^53 bytes. */
const replyHead = /^R (\d{1,15}) (\d{1,3}) (-|large|gzip)((?: \d{1,15}){0,4})$/;
/** Longer than any line of the protocol. */
const longestLine = 256;
/** 65536 bytes that gzip can't make smaller take 88646 in lines of base64; more than these are none of ours. */
const longestBody = 131_072;

function replyFrame(head: string, body: string): Frame | null {
  const match = replyHead.exec(head);
  if (match === null) return null;
  const [, id, status, form, sizes] = match;
  return {
    kind: 'reply',
    id: Number(id),
    status: Number(status),
    form: form === 'gzip' || form === 'large' ? form : 'none',
    sizes: (sizes ?? '')
      .trim()
      .split(' ')
      .filter((text) => text !== '')
      .map(Number),
    body,
  };
}

/**
 * Cuts a stream of console text into frames and console text. Text that looks like a frame and is none stays console text. What is kept
 * of a frame that has not ended is bounded, whatever the guest writes.
 */
export class FrameReader {
  readonly #onFrame: (frame: Frame) => void;
  readonly #onText: (text: string) => void;
  #buffer = '';
  /** Up to here the buffer has no end of a body. */
  #searched = 0;
  /** Head of a reply whose body is still coming. */
  #head: string | null = null;

  constructor(onFrame: (frame: Frame) => void, onText: (text: string) => void) {
    this.#onFrame = onFrame;
    this.#onText = onText;
  }

  push(text: string): void {
    this.#buffer += text;
    while (this.#step());
  }

  /** Takes one frame or one stretch of text off the buffer; false when more input is needed. */
  #step(): boolean {
    if (this.#head !== null) return this.#body(this.#head);
    const at = this.#buffer.indexOf(mark);
    if (at !== 0) {
      const text = at < 0 ? this.#buffer : this.#buffer.slice(0, at);
      this.#buffer = this.#buffer.slice(text.length);
      if (text !== '') this.#onText(text);
      return at > 0;
    }
    const end = this.#buffer.indexOf('\n');
    if (end > longestLine || (end < 0 && this.#buffer.length > longestLine)) {
      this.#onText(this.#buffer.slice(1, longestLine));
      this.#buffer = this.#buffer.slice(longestLine);
      return true;
    }
    if (end < 0) return false;
    const line = this.#buffer.slice(1, end);
    this.#buffer = this.#buffer.slice(end + 1);
    this.#line(line);
    return true;
  }

  #line(line: string): void {
    const simple = /^([HA]) (\d{1,15})$/.exec(line);
    if (simple !== null) {
      const value = Number(simple[2]);
      this.#onFrame(simple[1] === 'H' ? { kind: 'hello', version: value } : { kind: 'armed', id: value });
    } else if (line === 'N') this.#onFrame({ kind: 'again' });
    else if (replyHead.test(line)) this.#head = line;
    else this.#onText(`${line}\n`);
  }

  #body(head: string): boolean {
    const end = this.#buffer.indexOf(replyEnd, this.#searched);
    const isEndless = (end < 0 ? this.#buffer.length : end) > longestBody;
    this.#searched = Math.max(0, this.#buffer.length - replyEnd.length);
    if (end < 0 && !isEndless) return false;
    const frame: Frame | null = isEndless ? { kind: 'endless' } : replyFrame(head, this.#buffer.slice(0, end));
    this.#buffer = isEndless ? '' : this.#buffer.slice(end + replyEnd.length);
    this.#head = null;
    this.#searched = 0;
    if (frame !== null) this.#onFrame(frame);
    return true;
  }
}
