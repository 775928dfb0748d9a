/** Longest name of a configuration: it is part of names of folders and network namespaces. */
const nameCharacters = 48;
/** Longest part that one value makes of it. */
const valueCharacters = 24;

/** What a name given by the user may be. */
export const configurationName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,47}$/;

function slug(text: string): string {
  // Of a path the end tells most.
  const part = text.includes('/') ? text.slice(-valueCharacters) : text;
  const safe = part.replaceAll(/[^A-Za-z0-9.]+/g, '-').slice(0, valueCharacters);
  const trimmed = safe.replaceAll(/^[-.]+|[-.]+$/g, '');
  return trimmed === '' ? 'none' : trimmed;
}

/** The last keys of each path, as few as tell it from all others: `streams`, but `iperf3-duration` beside `sockperf-duration`. */
function shortKeys(paths: readonly string[]): string[] {
  const ends = (path: string, count: number): string => path.split('.').slice(-count).join('-');
  return paths.map((path) => {
    const count = path
      .split('.')
      .findIndex((_, index) => paths.filter((other) => ends(other, index + 1) === ends(path, index + 1)).length === 1);
    return ends(path, count + 1);
  });
}

/** A list or a map that is longer than its part of a name would be cut anywhere: then the key stands alone. */
function isUnspeakable(text: string): boolean {
  return text.length > valueCharacters && /^[[{]/.test(text);
}

/** Path and value of what distinguishes a configuration. */
export interface NamePart {
  readonly path: string;
  readonly text: string;
}

/** A name that is not taken yet: the wanted one, or with a number behind it. */
function free(wanted: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number += 1) {
    const end = number === 1 ? '' : `-${String(number)}`;
    const name = wanted.slice(0, nameCharacters - end.length) + end;
    if (!taken.has(name)) return name;
  }
}

/**
 * Names of configurations: what distinguishes each, such as `mtu-1500_streams-4`; unique, and fit for a folder.
 * @param given names that the user gave, which go before made ones; null where there is none
 * @param prefix what each made name begins with
 */
export function configurationNames(
  all: readonly { parts: readonly NamePart[]; given: string | null }[],
  prefix: readonly string[] = [],
): string[] {
  const taken = new Set(all.flatMap(({ given }) => given ?? []));
  return all.map(({ parts, given }) => {
    if (given !== null) return given;
    const keys = shortKeys(parts.map(({ path }) => path));
    const own = parts.map(({ text }, index) => {
      const key = slug(keys[index] ?? '');
      return isUnspeakable(text) ? key : `${key}-${slug(text)}`;
    });
    const wanted = [...prefix, ...own].join('_');
    const name = free(wanted === '' ? 'default' : wanted, taken);
    taken.add(name);
    return name;
  });
}
