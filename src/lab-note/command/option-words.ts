/** What begins as an option is no value: who wrote `-c -u` left the value out. */
function isValue(word: string | undefined): word is string {
  return word !== undefined && !/^--?[A-Za-z]/.test(word);
}

/** The options of one call: long names as they stand, short ones by their letter. A flag's value is the empty text. */
export type OptionWords = ReadonlyMap<string, string>;

export interface ReadWords {
  readonly options: OptionWords;
  /** What is no option and no value of one. */
  readonly rest: readonly string[];
}

export interface OptionKinds {
  /** Short options that take a value, as one word of letters. */
  readonly valuedLetters: string;
  /** Long options that take a value, without the dashes. */
  readonly valuedNames: ReadonlySet<string>;
}

function longOption(
  word: string,
  next: string | undefined,
  kinds: OptionKinds,
): { entry: [string, string]; taken: number } {
  const [name = '', ...value] = word.slice(2).split('=');
  if (value.length > 0) return { entry: [name, value.join('=')], taken: 1 };
  const hasValue = kinds.valuedNames.has(name) && isValue(next);
  return { entry: [name, hasValue ? next : ''], taken: hasValue ? 2 : 1 };
}

/** Takes the letters of one word. @returns the letter whose value is the next word; null where there is none */
function takeLetters(word: string, kinds: OptionKinds, found: Map<string, string>): string | null {
  for (let at = 1; at < word.length; at += 1) {
    const letter = word[at] ?? '';
    if (!kinds.valuedLetters.includes(letter)) {
      found.set(letter, '');
      continue;
    }
    if (at === word.length - 1) return letter;
    found.set(letter, word.slice(at + 1));
    return null;
  }
  return null;
}

/** Takes the option that the first word is, with its value. @returns how many words these are; 0 where it is none */
function takeWord(
  [word = '', next]: readonly (string | undefined)[],
  kinds: OptionKinds,
  options: Map<string, string>,
): number {
  if (word.startsWith('--') && word.length > 2) {
    const { entry, taken } = longOption(word, next, kinds);
    options.set(...entry);
    return taken;
  }
  if (!word.startsWith('-') || word.length < 2) return 0;
  const open = takeLetters(word, kinds, options);
  if (open === null) return 1;
  options.set(open, isValue(next) ? next : '');
  return isValue(next) ? 2 : 1;
}

/** Reads the words behind the program's name as getopt_long(3) does, but for values that look like options: `-t 30`, `-t30`, `-uR`, `--time 30`, `--time=30`. */
export function readWords(words: readonly string[], kinds: OptionKinds): ReadWords {
  const options = new Map<string, string>();
  const rest: string[] = [];
  for (let place = 0; place < words.length; ) {
    const taken = takeWord(words.slice(place, place + 2), kinds, options);
    if (taken === 0) rest.push(words[place] ?? '');
    place += Math.max(1, taken);
  }
  return { options, rest };
}

/** How many words there are before the first that is no option and no value of one. */
export function optionCount(words: readonly string[], kinds: OptionKinds): number {
  let place = 0;
  while (place < words.length) {
    const taken = takeWord(words.slice(place, place + 2), kinds, new Map());
    if (taken === 0) break;
    place += taken;
  }
  return Math.min(place, words.length);
}

export function optionWords(words: readonly string[], kinds: OptionKinds): OptionWords {
  return readWords(words, kinds).options;
}

/** The value of the first of the names that is there; null where none is. */
export function optionValue(options: OptionWords, names: readonly string[]): string | null {
  for (const name of names) {
    const value = options.get(name);
    if (value !== undefined) return value;
  }
  return null;
}
