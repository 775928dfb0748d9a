/** Programs that a note is about: they measure, trace, or run the guest. A call of one is looked for anywhere in a line. */
const subjects: readonly (readonly [name: RegExp, firstArgument: RegExp])[] = [
  // Word processors make other dashes of the hyphen.
  [/^iperf3?$/, /^[-\u2010-\u2015\u2212]{1,2}[A-Za-z0-9]/],
  [
    /^sockperf$/,
    /^(?:server|sr|ping-pong|pp|under-load|ul|throughput|tp|playback|pb)$|^--?(?:tcp|ip|port|client|server)$|^-i$/,
  ],
  [/^bpftrace$/, /^-\w|\.bt$/],
  [/^perf$/, /^(?:trace|stat|record|kvm)$/],
  [/^strace$/, /^-\w|^--\w|^\.?\//],
  [/^(?:qemu-system-[\w-]+|qemu-kvm|kvm)$/, /^-{1,2}[a-z]/],
  [/^(?:firecracker|jailer)$/, /^--[a-z]/],
  [/^cloud-hypervisor$/, /^--[a-z]/],
];

/** How the arguments of further programs begin: tells a call from prose and from output. */
const others: Readonly<Record<string, RegExp>> = {
  perf: /^(?:top|report|list|script)(?:\s|$)/,
  ip: /^(?:-\w+ )?(?:link|l|addr|address|a|route|r|tuntap|netns|neigh|-)(?:\s|$)/,
  ethtool: /^-/,
  sysctl: /^(?:-|\w+\.)/,
  brctl: /^(?:addbr|addif|show|delbr)/,
  tc: /^(?:qdisc|class|filter|-)/,
  netperf: /^-/,
};

/** Asks the tool about itself. */
const help = /^(?:--help|--version|-h|-v)\b/;
/** `-c:`, and on in a language without blanks: words tell of the option. */
const explained = /^-{1,2}[\w-]+[:：][^\0-\x7f]/;
const extension = /\.exe$/i;

const variants = String.raw`\d[\w.]*|darwin|linux|static|musl|amd64|x86_64|arm64|aarch64|new|old|patched|vsock|mt|st`;
/** `iperf3-darwin`, `sockperf-3.10`, `iperf3_static`. */
const variant = new RegExp(`^(iperf3?|sockperf)(?:[-_](?:${variants})|\\.\\d[\\w.]*)$`);

/** Name of a program without its folder; version 2 of iperf goes by one name. */
export function programName(word: string): string {
  const name = word.slice(Math.max(word.lastIndexOf('/'), word.lastIndexOf('\\')) + 1).replace(extension, '');
  const [, base] = variant.exec(name) ?? [];
  return base ?? (name === 'iperf2' ? 'iperf' : name);
}

/** The word calls a program that notes are about, and the next one is how its arguments begin. */
export function isSubjectCall(word: string, next: string | undefined): boolean {
  if (next === undefined || help.test(next) || explained.test(next)) return false;
  const name = programName(word);
  const known = subjects.find(([pattern]) => pattern.test(name));
  return known !== undefined && known[1].test(next);
}

/** The text begins as a call of a program that is known. */
export function beginsAsCall(text: string): boolean {
  const [, word = '', rest = ''] = /^(\S{1,140})(?:\s+(.*))?$/s.exec(text) ?? [];
  if (address.test(word)) return false;
  if (isSubjectCall(word, /^\S+/.exec(rest)?.[0])) return true;
  const name = programName(word);
  const expected = Object.hasOwn(others, name) ? others[name] : undefined;
  return expected !== undefined && expected.test(rest);
}

const subjectWord = new RegExp(
  String.raw`(?:(?:iperf[23]?|sockperf)(?:[-_](?:${variants})|\.\d[\w.]{0,12})?|bpftrace|perf|strace|qemu-system-[\w-]{2,20}|qemu-kvm|kvm|firecracker|jailer|cloud-hypervisor)(?:\.exe)?(?=["']?\s)`,
  'g',
);
/** What may stand before the word of a program: its folder, a blank, the sign of a prompt, a quote, markup. */
const before = /[\s/\\"'`(>$#%_*=|;&]/;
const folder = /[^\s"'`(>$#%*=|;&]/;
/** Where a program can be had, not a folder. */
const address = /^[a-z][a-z+]{1,8}:\/\/|^www\./i;

/** Place in a line where the first call of a program that notes are about begins, with its folder; -1 where there is none. */
export function subjectPlace(line: string): number {
  for (const match of line.matchAll(subjectWord)) {
    const at = match.index;
    if (at > 0 && !before.test(line[at - 1] ?? '')) continue;
    const next = /^["']?\s+(\S+)/.exec(line.slice(at + match[0].length, at + match[0].length + 200))?.[1];
    if (!isSubjectCall(match[0], next)) continue;
    let start = at;
    if (line[at - 1] === '/' || line[at - 1] === '\\')
      while (start > 0 && folder.test(line[start - 1] ?? '')) start -= 1;
    if (address.test(line.slice(start, at))) continue;
    return start;
  }
  return -1;
}

/** Programs that take names of others as words and do not run them. */
const takesNames = new Set(
  'pgrep pkill pidof killall kill which whereis type man apt apt-get yum dnf apk pacman brew snap pip grep echo cat cp mv ls make git wget curl tar'.split(
    ' ',
  ),
);

export function takesNamesOnly(word: string): boolean {
  return takesNames.has(programName(word));
}

const windowsFolder =
  /(?<=^|\s)(?:[A-Za-z]:|\.{1,2})?\\(?:[^\s\\]{1,60}\\){0,12}(?=(?:iperf[23]?|sockperf)[\w.-]{0,16}\s)/g;

/** A folder of Windows before a program is cut off: its backslashes mean something else to a shell. */
export function withoutWindowsFolder(text: string): string {
  return text.includes('\\') ? text.replace(windowsFolder, '') : text;
}
