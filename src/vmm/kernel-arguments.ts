/** Kernel parameters of every guest of every VMM. What each of the last two won at boot stands in docs/adding-a-vmm.md; neither touches the network. */
export const kernelArguments: readonly string[] = [
  ...['console=ttyS0', 'panic=-1', 'quiet', 'loglevel=1', 'ipv6.disable=1'],
  'cryptomgr.notests',
  'initcall_blacklist=crypto_kdf108_init,load_system_certificate_list,init_kprobe_trace,tracer_init_tracefs,trace_eval_init',
];

/** One command line of its parts, without the empty ones. */
export function kernelCommandLine(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}
