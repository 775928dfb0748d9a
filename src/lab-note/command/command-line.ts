import { readCommands } from './command.ts';

/** How a line of a block could be a command. */
export interface CommandLine {
  /** Without its prompt. */
  readonly text: string;
  /** `user@host` or a host's name of the prompt; null where there is no prompt, or it names none. */
  readonly promptHost: string | null;
  /** `prompt`: it says so itself; `known`: it begins like a call of a program that is known; null: it may be anything. */
  readonly sign: 'prompt' | 'known' | null;
}

const userPrompt = /^\[?[\w.-]{1,32}@([\w.-]{1,64})[:\s]?[^\]$#>@]{0,60}\]?\s?[$#>]\s+(?=\S)/;
const hostPrompt = /^([A-Za-z][\w.-]{0,24})\s?[$#]\s+(?=\S)/;
/** `[host]$ `, `(vm) # ` */
const bracketPrompt = /^[[(]([A-Za-z][\w .-]{0,24})[\])]\s?[$#>]\s+(?=\S)/;
const barePrompt = /^[$%>]\s+(?=\S)/;

/** How the arguments of a known program begin: tells a call from prose and from output. */
const calls: Readonly<Record<string, RegExp>> = {
  iperf: /^(?:-|$)/,
  iperf3: /^(?:-|$)/,
  sockperf: /^(?:server|sr|ping-pong|pp|under-load|ul|throughput|tp|playback|pb|-)/,
  bpftrace: /^(?:-|\S+\.bt(?:\s|$))/,
  perf: /^(?:trace|stat|record|top|report|list|script)(?:\s|$)/,
  strace: /^(?:-|\.?\/)/,
  ip: /^(?:-\w+ )?(?:link|l|addr|address|a|route|r|tuntap|netns|neigh|-)(?:\s|$)/,
  ethtool: /^-/,
  sysctl: /^(?:-|\w+\.)/,
  brctl: /^(?:addbr|addif|show|delbr)/,
  tc: /^(?:qdisc|class|filter|-)/,
  firecracker: /^--/,
  'cloud-hypervisor': /^--/,
  'qemu-system-x86_64': /^-/,
  'qemu-system-aarch64': /^-/,
};
const wrapped =
  /^(?:[A-Za-z_]\w{0,60}=|(?:sudo|doas|nohup|time|stdbuf|nice|ionice|setsid|exec|env|numactl|nsenter|chrt|taskset|timeout|ip netns exec|ssh|for|while|until|do|if|then)\s)/;
const path = /^\.{1,2}\/[\w./-]+(?:\s|$)/;
const program = /^(?:\S{0,100}\/)?([\w.-]{1,40})(?:\s+|$)/;

/** The call inside of wrappers and variables. */
function unwrapped(text: string): string {
  const { commands } = readCommands(text, { side: null, line: 0, lastLine: 0 });
  return commands[0]?.argv.join(' ') ?? '';
}

/** The text begins as a call of a program that is known, or of one by its path (`./bpftrace.sh`). */
function isKnownCall(text: string): boolean {
  if (text.length > 2000) return false;
  const call = wrapped.test(text) ? unwrapped(text) : text;
  if (path.test(call)) return true;
  const match = program.exec(call);
  const name = match?.[1] ?? '';
  const argument = Object.hasOwn(calls, name) ? calls[name] : undefined;
  return match !== null && argument !== undefined && argument.test(call.slice(match[0].length));
}

/** `%` is no prompt of csh there. */
const straceHeader = /^% time\s+seconds\b/;
const promptSign = /^[^$#%>]{0,100}[$#%>]/;

/** Spares most lines of output the patterns below. */
function isOutOfQuestion(text: string): boolean {
  if (straceHeader.test(text)) return true;
  if (text.startsWith('[') && !text.includes('@') && !bracketPrompt.test(text)) return true;
  if (promptSign.test(text) || wrapped.test(text)) return false;
  const space = text.search(/\s/);
  const word = space < 0 ? text : text.slice(0, space);
  return !word.includes('/') && !Object.hasOwn(calls, word);
}

export function readCommandLine(line: string): CommandLine {
  const trimmed = line.trim();
  if (isOutOfQuestion(trimmed)) return { text: trimmed, promptHost: null, sign: null };
  const prompt =
    userPrompt.exec(trimmed) ?? barePrompt.exec(trimmed) ?? bracketPrompt.exec(trimmed) ?? hostPrompt.exec(trimmed);
  if (prompt !== null) {
    const text = trimmed.slice(prompt[0].length);
    // `name # comment` and `name $5` are no prompts without a call behind them; `user@host` is.
    const isSure = prompt[0].includes('@') || /^[$%]/.test(prompt[0]) || isKnownCall(text);
    if (isSure) return { text, promptHost: prompt[1] ?? null, sign: 'prompt' };
  }
  // `# ` is root's prompt, or begins a comment.
  const root = /^#\s+(?=\S)/.exec(trimmed);
  if (root !== null && isKnownCall(trimmed.slice(root[0].length)))
    return { text: trimmed.slice(root[0].length), promptHost: null, sign: 'prompt' };
  return { text: trimmed, promptHost: null, sign: isKnownCall(trimmed) ? 'known' : null };
}
