/** Width where nobody says: what log viewers and old terminals show. */
const defaultColumns = 100;

/** How to write for who reads stdout. NO_COLOR and FORCE_COLOR as Node itself reads them (tty.WriteStream.hasColors). */
export function stdoutLook(): { columns: number; isColor: boolean } {
  const { stdout } = process;
  return { columns: stdout.isTTY ? stdout.columns : defaultColumns, isColor: stdout.isTTY && stdout.hasColors() };
}
