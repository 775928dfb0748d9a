import { hasFigure } from '../prose-figures.ts';
import { withTypedDashes } from './dashes.ts';
import { programName } from './programs.ts';
import { isSentenceWord, ownWordCount } from './tool-command.ts';

/** The part of a text that is a call, where the call stands at its beginning. */
export interface CallExtent {
  readonly text: string;
  /** What stands behind it: words of a sentence, a remark. */
  readonly rest: string;
  /** The words behind it go on as in running text. */
  readonly isSentence: boolean;
}

const token = /(?:[^\s"';|&<>]|"[^"]*"|'[^']*'|<[A-Za-z][\w .:/-]{0,40}>)+|["';|&<>]/g;
/** What the shell takes from here on is no argument: redirections, the next command, a comment, a line that goes on. */
const endsArguments = /^(?:[|;&<>#]|[\\^]$)/;
const closings: Readonly<Record<string, string>> = {
  '(': ')',
  '[': ']',
  '`': '`',
  "'": "'",
  '"': '"',
  '“': '”',
  '‘': '’',
  '«': '»',
};
/** Signs of a sentence behind its last word. A colon may end an IPv6 address. */
const sentenceEnd = /(?:[.,;!?)\]`”’»]|(?<!:):|\*\*)+$/;
const plainWord = /^[\p{L}][\p{L}'’-]+[.,;:!?)]?$/u;

/** Up to the partner of the sign that stands before the call. */
function withinPair(text: string, before: string): string {
  const sign = before.trimEnd().at(-1) ?? '';
  // An apostrophe ends a word.
  const closing = sign === "'" && !before.endsWith(sign) ? undefined : closings[sign];
  const at = closing === undefined ? -1 : text.indexOf(closing);
  return at < 0 ? text : text.slice(0, at);
}

/** How many of the words are the program's; those behind them are of a sentence. */
function ownWords(words: readonly string[]): number {
  const [first = '', ...rest] = words;
  return Math.min(words.length, ownWordCount({ program: programName(first), argv: [first, ...rest] }));
}

/**
 * Where a call ends that begins a text.
 * @param before what stands before it on its line
 */
export function callExtent(whole: string, before: string): CallExtent {
  const text = withinPair(whole, before);
  const all = [...text.matchAll(token)];
  const end = all.findIndex(([word]) => endsArguments.test(word));
  const words = end < 0 ? all : all.slice(0, end);
  const own = ownWords(words.map(([word], place) => (place === 0 ? word : withTypedDashes(` ${word}`).trim())));
  const further = words.slice(own).map(([word]) => word);
  const isEnded = sentenceEnd.test(words[own - 1]?.[0] ?? '');
  const isOfWords = further.some(isSentenceWord) || further.filter((word) => plainWord.test(word)).length > 1;
  const isSentence = isOfWords || hasFigure(further.join(' ')) || (isEnded && further.length > 0);
  const isRemark = /^(?:[([<=-]|\/\/)/.test(further[0] ?? '');
  const isCut = isSentence || isRemark;
  const cut = (isCut ? text.slice(0, words[own]?.index) : text).trimEnd();
  // Behind an operator the shell's words go on, with signs of its own.
  const call = !isCut && end >= 0 ? cut : cut.replace(sentenceEnd, '');
  return { text: call, rest: whole.slice(call.length), isSentence };
}
