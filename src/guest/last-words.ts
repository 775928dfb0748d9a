/** What a kernel may put in front of a line of its own: the time since boot (printk.time). */
const printkTime = String.raw`(?:\[ *\d+\.\d+\] )?`;

/**
 * Lines after which a guest does nothing any more, and what they say of it. Of the kernel: kernel/panic.c, kernel/reboot.c, and
 * arch/x86/boot/compressed/error.c; of our init: `fail` in init.sh. Linux 6.12 halts with `Power off not available: System halted instead`.
 */
const endings: readonly { readonly line: RegExp; readonly meaning: (words: string) => string }[] = [
  { line: new RegExp(`^${printkTime}(Kernel panic)`), meaning: () => 'the guest panicked' },
  {
    line: new RegExp(`^${printkTime}reboot: (?:Power off not available: )?(System halted)`),
    meaning: () => 'the guest halted',
  },
  { line: /^ *-- (System halted)/, meaning: () => "the guest's kernel could not be unpacked" },
  { line: new RegExp(`^${printkTime}reboot: (Power down)`), meaning: () => 'the guest powered off' },
  {
    line: new RegExp(`^${printkTime}tapbench-init: (.*?) *$`),
    meaning: (words) => `the guest's init gave up: ${words}`,
  },
];

/** What a line of a guest's console says of why the guest has stopped; null where it goes on. */
export function lastWordsOf(line: string): string | null {
  for (const { line: pattern, meaning } of endings) {
    const words = pattern.exec(line)?.[1];
    if (words !== undefined) return meaning(words);
  }
  return null;
}
