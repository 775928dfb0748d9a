import { fenced, markdownText, shellLine } from '../markdown/escape.ts';
import { printable } from '../text/printable.ts';

/** One command line, and where it is typed. */
export interface TemplateCommand {
  readonly place: 'host' | 'vm';
  readonly argv: readonly string[];
}

/** One workload of one configuration, as a person would do it by hand. */
export interface TemplatePart {
  readonly chapter: 'Throughput' | 'Latency';
  /** What it does, in the words of lab notes. */
  readonly heading: string;
  /** In the order in which they are typed. */
  readonly commands: readonly TemplateCommand[];
}

const tracedCalls = ['read', 'write', 'readv', 'writev']
  .map((name) => `tracepoint:syscalls:sys_enter_${name}`)
  .join(',');

/** Counts what the VMM's data path calls; its process id is the reader's to fill in. */
const trace: TemplateCommand = {
  place: 'host',
  argv: ['bpftrace', '-e', `${tracedCalls} /pid == VMM_PID/ { @total[comm, probe] = count(); }`],
};

/** Command lines below comments that say the side, where it changes. */
function typedLines(commands: readonly TemplateCommand[]): string[] {
  return commands.flatMap(({ place, argv }, index) => [
    ...(commands[index - 1]?.place === place ? [] : [`# ${place}`]),
    shellLine(argv),
  ]);
}

function partText({ heading, commands }: TemplatePart): string {
  const typed = typedLines([trace, ...commands]);
  return [`## ${markdownText(heading)}`, fenced(typed, 'bash'), fenced([]), '### Syscalls', fenced([])].join('\n');
}

/** What a reader of the figures will ask. */
const questions: Readonly<Record<string, readonly string[]>> = {
  Host: ['CPU and kernel', 'governor, turbo, SMT', 'what else ran'],
  Guest: [
    'VMM and version, build',
    'kernel',
    'vCPUs and memory',
    'offloads of NIC and tap, MTU',
    'congestion control of both ends',
  ],
  Method: [
    'boots of each configuration, and their order',
    'what was traced while the figures were taken',
    'versions of the tools',
  ],
};

/** An empty lab note: commands filled in, and a block to paste into for each output. Ends in a newline. */
export function noteTemplate(title: string, parts: readonly TemplatePart[]): string {
  const chapters = (['Throughput', 'Latency'] as const).flatMap((name) => {
    const own = parts.filter(({ chapter }) => chapter === name);
    return own.length === 0 ? [] : [[`# ${name}`, ...own.map(partText)].join('\n')];
  });
  const asked = Object.entries(questions).map(([name, items]) =>
    [`# ${name}`, ...items.map((item) => `- ${item}:`)].join('\n'),
  );
  return `${[`<!-- ${printable(title).replaceAll('>', '&gt;')} -->`, ...chapters, ...asked].join('\n\n')}\n`;
}
