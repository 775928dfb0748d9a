const escape = '\u001b';
const csi = '\u009b';
/** BEL, ESC \ and ST: what ends a command of the terminal. */
const commandEnd = `(?:\u0007|${escape}\\\\|\u009c)`;

/**
 * ECMA-48: control sequences (5.4), commands as OSC (5.6: here of one line), and escapes of two or three characters. No part runs past the next
 * escape, so time grows with the text.
 */
const codes = new RegExp(
  [
    `(?:${escape}\\[|${csi})[0-?]*[ -/]*[@-~]`,
    `${escape}[\\]PX^_][^\u0007\u009c\n${escape}]*${commandEnd}`,
    `${escape}[ -/]?[0-Z\\\\^_\`-~]`,
  ].join('|'),
  'g',
);

/**
 * Text as a terminal would show it: without colours and other codes. Node's own `stripVTControlCharacters` takes time that grows with the
 * square of the text where it has many codes without an end (38 s for 256 KB).
 */
export function withoutTerminalCodes(text: string): string {
  return text.includes(escape) || text.includes(csi) ? text.replace(codes, '') : text;
}
