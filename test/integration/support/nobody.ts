/**
 * In front of a command line: without root's rights, but for reading, as the checkout may lie where only root may look (/root). Empty where we have
 * none of them. access(2) looks at capabilities of a process that isn't root only with no_setuid_fixup.
 */
export const asNobody: readonly string[] =
  process.getuid?.() === 0
    ? [
        'setpriv',
        '--securebits=+no_setuid_fixup',
        '--reuid=65534',
        '--regid=65534',
        '--clear-groups',
        '--inh-caps=+dac_read_search',
        '--ambient-caps=+dac_read_search',
      ]
    : [];
