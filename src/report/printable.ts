/**
 * Text that may come from anywhere (thread names, error messages, a CPU's model) without what could steer a terminal or break a line:
 * control characters (C0, DEL, C1), line separators and the marks that reverse the direction of text, each as `\xNN` or `\uNNNN`.
 */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}
