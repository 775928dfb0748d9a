/**
 * In front of a command line: as another user, without root's rights, but for reading, as the checkout may lie where only root may look (/root).
 * access(2) looks at capabilities of a process that isn't root only with no_setuid_fixup.
 */
export function asUser(id: number): readonly string[] {
  return [
    'setpriv',
    '--securebits=+no_setuid_fixup',
    ...[`--reuid=${String(id)}`, `--regid=${String(id)}`, '--clear-groups'],
    ...['--inh-caps=+dac_read_search', '--ambient-caps=+dac_read_search'],
  ];
}

/** The same as nobody; empty where we have none of root's rights. */
export const asNobody: readonly string[] = process.getuid?.() === 0 ? asUser(65534) : [];
