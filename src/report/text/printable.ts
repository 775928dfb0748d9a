/**
 * What could steer a terminal, break a line, or stand in a text unseen: control characters (C0, DEL, C1), line and paragraph separators, format
 * characters (marks of direction, zero-width, tags), halves of surrogate pairs, and what fonts are told not to show (Unicode Standard, chapter 23;
 * UAX #44, Default_Ignorable_Code_Point).
 */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

function hexOf(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}

/** Text that may come from anywhere (thread names, error messages, a CPU's model), on one line: what can't be seen is written as `\xNN`, `\uNNNN` or `\u{NNNNN}`. */
export function printable(text: string): string {
  return text.replaceAll(unseen, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x100) return `\\x${hexOf(code, 2)}`;
    return code < 0x10000 ? `\\u${hexOf(code, 4)}` : `\\u{${hexOf(code, 5)}}`;
  });
}

/**
 * A value as JSON for a terminal, a log or a code block: what could steer or hide is written as `\uNNNN`, so that the JSON means the same. So is `##[`,
 * which a CI's log takes for a command wherever it stands.
 * @param indent spaces a level; 0: all on one line
 */
export function jsonText(value: unknown, indent = 0): string {
  return JSON.stringify(value, null, indent)
    .replaceAll(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu, (character) =>
      Array.from({ length: character.length }, (_, unit) => `\\u${hexOf(character.charCodeAt(unit), 4)}`).join(''),
    )
    .replaceAll(/##(?=\w*\[)/g, '#\\u0023');
}
