import type { ReadNote, ReadSection } from '../read-note.ts';

/** What the headings above an output say of how it was made. */
export interface HeadingFacts {
  /** Number of the boot or run; null where no heading has one. */
  readonly boot: number | null;
  /** Kind of the VMM; null where no heading names one, or several. */
  readonly vmm: string | null;
  /** What is left of each heading when words that every note has are taken out: what tells configurations apart. */
  readonly labels: readonly string[];
  /** As a report of tapbench names them; null elsewhere. */
  readonly configuration: string | null;
  readonly workload: string | null;
}

const vmms: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ['firecracker', /\bfirecracker\b|\bfc\b/i],
  ['cloud-hypervisor', /\bcloud[ -]?hypervisor\b|\bchv?\b|\bclh\b/i],
  ['qemu', /\bqemu\b/i],
];

const enumeration = /^\s*(?:\d{1,3}(?:\.\d{1,3}){0,4}[.)]?|[A-Za-z][.)])\s+(?=\S)/;
const numberedBoot =
  /\b(?:boot|run|rep|repetition|iteration|attempt|trial|round)\s*(?:no\.?|number|#)?\s*(\d{1,4})\b(?:\s*(?:of|\/)\s*\d{1,4}\b)?/i;
const ordinalBoot =
  /\b(first|second|third|fourth|fifth|\d{1,3}(?:st|nd|rd|th)) (?:boot|run|repetition|iteration|attempt|trial|round)\b/i;
const ordinals: Readonly<Record<string, number>> = { first: 1, second: 2, third: 3, fourth: 4, fifth: 5 };
/** Quantities of a workload: streams, sizes, lengths, rates. */
const quantity =
  /(?:\b-[a-zA-Z] )?\b\d+(?:[.,]\d+)?\s*(?:parallel |tcp |udp )?(?:x|streams?|connections?|flows?|clients?|messages?|msgs?|bytes?|seconds?|secs?|minutes?|min|s|b|kb|kib|mib|mb|gb|gib|[kmg]bits?(?:\/s(?:ec)?)?|[kmg]bps|%)(?![\w])/gi;

/** The same with the name first: `streams 4`. */
const namedQuantity = /\b(?:streams?|connections?|flows?|messages?|duration)\s*[:=]?\s*\d{1,9}\b/gi;

const generic = new Set(
  (
    'a an and as at between by for from in into of on or over per the to up using via with without vs versus is its ' +
    'vm vms guest guests microvm microvms host hosts node machine client clients server servers sender receiver side sides both one two single ' +
    'throughput bandwidth bitrate rate goodput latency latencies rtt delay round trip trips time times half performance network networking net path ' +
    'test tests benchmark benchmarks bench result results output outputs raw data bulk small large request requests response responses reply replies ' +
    'sending send sends receiving receive receives sent received transfer transfers streaming upload uploads download downloads reverse forward bidirectional ' +
    'bidir simultaneous tcp udp ipv4 ipv6 ip iperf iperf2 iperf3 sockperf ping-pong pingpong ping pong under-load underload load loaded at given ' +
    'stream streams parallel connection connections flow flows message messages msg msgs byte bytes packet packets size sizes ' +
    'syscall syscalls system call calls count counts total totals strace perf trace traces tracing bpftrace ebpf bpf ' +
    'command commands setup log logs measurement measurements measured summary note notes lab experiment run runs boot boots figures numbers statistics stats ' +
    'commandline console terminal stdout server-side client-side small-request bulk-data'
  ).split(' '),
);
const word = /[\p{L}\p{N}](?:[\p{L}\p{N}._/+-]|=(?=\p{L}))*/gu;

function bootOf(text: string): number | null {
  const digits = numberedBoot.exec(text)?.[1];
  if (digits !== undefined) return Number(digits);
  const ordinal = ordinalBoot.exec(text)?.[1]?.toLowerCase();
  if (ordinal === undefined) return null;
  return ordinals[ordinal] ?? Number.parseInt(ordinal, 10);
}

function vmmOf(text: string): string | null {
  const named = vmms.filter(([, pattern]) => pattern.test(text));
  return named.length === 1 ? (named[0]?.[0] ?? null) : null;
}

function labelOf(heading: string): string {
  const rest = heading
    .slice(0, 300)
    .replace(enumeration, '')
    .replace(numberedBoot, ' ')
    .replace(ordinalBoot, ' ')
    .replace(quantity, ' ')
    .replace(namedQuantity, ' ');
  return [...rest.matchAll(word)]
    .map(([text]) => text.replace(/[._/+-]+$/, ''))
    .filter((text) => text !== '' && !generic.has(text.toLowerCase()))
    .join(' ');
}

/** The headings of tapbench's own reports, with what tells them from their like behind a colon. */
const reportHeading =
  /^VM as (?:client|server) (?:sending|receiving) (?:bulk data|small requests) (?:to|from) a host(?: at a given rate)?(?:: (.{1,300}))?$/;

interface Tail {
  readonly boot: number | null;
  readonly rest: string;
}

function tailOf(heading: string): Tail | null {
  const match = reportHeading.exec(heading);
  if (match === null) return null;
  const [, tail = ''] = match;
  const boot = /(?:^|, )boot (\d{1,4})$/.exec(tail);
  return { boot: boot === null ? null : Number(boot[1]), rest: boot === null ? tail : tail.slice(0, boot.index) };
}

/** What one heading says by itself. */
interface OneHeading {
  readonly tail: Tail | null;
  readonly boot: number | null;
  readonly vmm: string | null;
  readonly label: string;
}

/** Tells the headings of one note. */
export class HeadingReader {
  readonly #declared: ReadNote['declared'];
  /** Some of the report's headings have no name of a configuration, so that none has. */
  readonly #hasBare: boolean;
  /** Notes say the same headings many times. */
  readonly #known = new Map<string, OneHeading>();

  constructor({ declared, sections }: ReadNote) {
    this.#declared = declared;
    const tails = sections
      .filter(({ readings }) => readings.length > 0)
      .map(({ path }) => path.map((heading) => this.#one(heading).tail).findLast((each) => each !== null));
    this.#hasBare = tails.some((tail) => tail?.rest === '');
  }

  of({ path }: Pick<ReadSection, 'path'>): HeadingFacts {
    const headings = path.map((heading) => this.#one(heading));
    const tail = headings.findLast((each) => each.tail !== null)?.tail ?? null;
    const others = headings.filter((each) => each.tail === null);
    return {
      boot: tail?.boot ?? others.findLast(({ boot }) => boot !== null)?.boot ?? null,
      vmm: others.findLast(({ vmm }) => vmm !== null)?.vmm ?? null,
      labels: others.map(({ label }) => label),
      ...this.#names(tail?.rest ?? ''),
    };
  }

  #one(heading: string): OneHeading {
    const known = this.#known.get(heading);
    if (known !== undefined) return known;
    const tail = tailOf(heading);
    const read = { tail, boot: bootOf(heading), vmm: vmmOf(heading), label: labelOf(heading) };
    this.#known.set(heading, read);
    return read;
  }

  #names(rest: string): Pick<HeadingFacts, 'configuration' | 'workload'> {
    const { configurations, workloads } = this.#declared;
    const only = configurations.length === 1 ? (configurations[0] ?? null) : null;
    if (rest === '') return { configuration: only, workload: null };
    const known = configurations.find((name) => rest === name || rest.startsWith(`${name}, `));
    if (known !== undefined) {
      const workload = rest.slice(known.length + 2);
      return { configuration: known, workload: workload === '' ? null : workload };
    }
    if (workloads.includes(rest) || this.#hasBare) return { configuration: only, workload: rest };
    const comma = rest.lastIndexOf(', ');
    if (comma < 1) return { configuration: rest, workload: null };
    return { configuration: rest.slice(0, comma), workload: rest.slice(comma + 2) };
  }
}
