/** What a VMM, its libraries and the programs that start it may look at. */
const needed = /^(?:PATH|HOME|LANG|LANGUAGE|TZ|TMPDIR|TERM|(?:LC|LD|QEMU|RUST|MALLOC|GLIBC|TAPBENCH)_[A-Z0-9_]+)$/;

/**
 * The variables that a VMM is not given, as `StartOptions.env` takes them away: whoever breaks out of a guest would read them in its memory, and CI
 * has tokens there.
 */
export function unneededVariables(
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, undefined> {
  const names = Object.keys(environment).filter((name) => !needed.test(name));
  return Object.fromEntries(names.map((name) => [name, undefined]));
}
