import type { NoteCommand } from './command.ts';
import { type OptionWords, optionCount, optionValue, optionWords } from './option-words.ts';
import { isSubjectCall, programName } from './programs.ts';

/** What a call of iperf or iperf3 asks for, with the tool's own defaults for what it leaves out. */
export interface BulkCommand {
  readonly kind: 'bulk';
  readonly tool: 'iperf' | 'iperf3';
  readonly role: 'client' | 'server';
  readonly protocol: 'tcp' | 'udp';
  /** ns; null where a number of bytes ends the run, or the word is no number. */
  readonly durationNs: number | null;
  readonly streams: number | null;
  readonly direction: 'upload' | 'download' | 'both';
  readonly omitNs: number | null;
  /** All streams together, bits per second; null: as fast as it goes. */
  readonly targetBitsPerSecond: number | null;
  readonly bufferBytes: number | null;
  /** Of the server; null where the word is no number. */
  readonly port: number | null;
}

/** What a call of sockperf asks for. */
export interface RequestCommand {
  readonly kind: 'request';
  readonly role: 'client' | 'server';
  /** null for the server and the modes that measure no latency of single messages. */
  readonly mode: 'ping-pong' | 'under-load' | null;
  readonly protocol: 'tcp' | 'udp';
  readonly durationNs: number | null;
  readonly messageBytes: number | null;
  readonly messagesPerSecond: number | null;
  readonly isFullRoundTrip: boolean;
}

const iperf3Words = {
  valuedLetters: 'pfiFABctPblkwMnOSTLXCI',
  valuedNames: new Set(
    'port format interval file affinity bind client time parallel bitrate bandwidth length blockcount window set-mss bytes omit tos title flowlabel cport congestion pacing-timer fq-rate connect-timeout logfile pidfile dscp bind-dev rcv-timeout snd-timeout idle-timeout extra-data nstreams xbind username rsa-public-key-path rsa-private-key-path authorized-users-path time-skew-threshold server-bitrate-limit server-max-duration cntl-ka'.split(
      ' ',
    ),
  ),
};
const iperfWords = {
  valuedLetters: 'cpPtlwBMniTSbFIfOoyZLxX',
  valuedNames: new Set(
    'client port parallel time len length window bind mss num interval ttl tos bandwidth format output linux-congestion tcp-congestion listenport fileinput dualport burst-size burst-period fq-rate ipg txstart-time txdelay-time near-congestion permit-key tap-dev bounceback-hold bounceback-period bounceback-request bounceback-reply working-load-cca'.split(
      ' ',
    ),
  ),
};
const sockperfWords = {
  valuedLetters: 'ipfFaAmtrbn',
  valuedNames: new Set(
    'ip port file iomux-type timeout activity Activity tos mc-rx-if mc-tx-if mc-ttl mc-source-filter lls buffer-size recv_looping_num pre-warmup-wait rate-limit set-sock-accl srv-num sender-affinity receiver-affinity full-log time client_port client_ip burst mps pps msg-size range reply-every number-of-packets histogram ci_sig_lvl'.split(
      ' ',
    ),
  ),
};

const prefixPowers: Readonly<Record<string, number>> = { '': 0, k: 1, m: 2, g: 3, t: 4 };

/** A number with a prefix, as iperf takes it (`unit_atof` in src/units.c). */
function amount(text: string | null, step: 1000 | 1024): number | null {
  const [, digits = '', prefix = ''] = /^(\d+(?:\.\d+)?)([kmgt]?)$/i.exec(text?.replace(/\/\d+$/, '') ?? '') ?? [];
  if (digits === '') return null;
  return positiveWhole(Number(digits) * step ** (prefixPowers[prefix.toLowerCase()] ?? 0));
}

function positiveWhole(value: number): number | null {
  const whole = Math.round(value);
  return Number.isSafeInteger(whole) && whole > 0 ? whole : null;
}

function seconds(text: string | null): number | null {
  return text !== null && /^\d+(?:\.\d+)?$/.test(text) ? positiveWhole(Number(text) * 1e9) : null;
}

function whole(text: string | null): number | null {
  return text !== null && /^\d+$/.test(text) ? positiveWhole(Number(text)) : null;
}

const defaultPorts = { iperf: 5001, iperf3: 5201 } as const;

/** Source of the defaults: iperf3(1) and iperf(1): TCP, 10 s, one stream, the client sends; UDP at 1 Mbit/s a stream (iperf 2: 1.05 from 2.0.10 on, so unknown). */
function bulkCommand(tool: 'iperf' | 'iperf3', options: OptionWords): BulkCommand {
  const has = (...names: readonly string[]): boolean => names.some((name) => options.has(name));
  const of = (...names: readonly string[]): string | null => optionValue(options, names);
  const protocol = has('u', 'udp') ? 'udp' : 'tcp';
  const streams = has('P', 'parallel') ? whole(of('P', 'parallel')) : 1;
  const byBytes = has('n', 'bytes', 'num') || (tool === 'iperf3' && has('k', 'blockcount'));
  const isBoth = has('bidir', 'full-duplex') || (tool === 'iperf' && has('d', 'r', 'dualtest', 'tradeoff'));
  const rate = of('b', 'bitrate', 'bandwidth');
  const perStream = rate === null && protocol === 'udp' && tool === 'iperf3' ? 1_000_000 : amount(rate, 1000);
  return {
    kind: 'bulk',
    tool,
    role: has('s', 'server') ? 'server' : 'client',
    protocol,
    durationNs: byBytes ? null : has('t', 'time') ? seconds(of('t', 'time')) : 10_000_000_000,
    streams,
    direction: isBoth ? 'both' : has('R', 'reverse') ? 'download' : 'upload',
    omitNs: has('O', 'omit') && tool === 'iperf3' ? (seconds(of('O', 'omit')) ?? 0) : 0,
    targetBitsPerSecond: perStream === null || streams === null ? null : positiveWhole(perStream * streams),
    bufferBytes: amount(of('l', 'length', 'len'), 1024),
    port: has('p', 'port') ? whole(of('p', 'port')) : defaultPorts[tool],
  };
}

const modes: Readonly<Record<string, RequestCommand['mode'] | 'server'>> = {
  server: 'server',
  sr: 'server',
  'ping-pong': 'ping-pong',
  pp: 'ping-pong',
  'under-load': 'under-load',
  ul: 'under-load',
};

/** Source of the defaults: `sockperf ping-pong --help`: UDP, 1 s, 14 bytes; 10,000 messages a second under load. */
function requestCommand(argv: readonly string[], options: OptionWords): RequestCommand {
  const word = argv[1] ?? '';
  const mode = Object.hasOwn(modes, word) ? (modes[word] ?? null) : null;
  const of = (...names: readonly string[]): string | null => optionValue(options, names);
  const rate = of('mps', 'pps');
  return {
    kind: 'request',
    role: mode === 'server' ? 'server' : 'client',
    mode: mode === 'server' ? null : mode,
    protocol: options.has('tcp') ? 'tcp' : 'udp',
    durationNs: options.has('n') ? null : of('t', 'time') === null ? 1_000_000_000 : seconds(of('t', 'time')),
    messageBytes: of('m', 'msg-size') === null ? 14 : whole(of('m', 'msg-size')),
    messagesPerSecond: rate === null && mode === 'under-load' ? 10_000 : whole(rate),
    isFullRoundTrip: options.has('full-rtt'),
  };
}

const tools = new Set(['iperf', 'iperf3', 'sockperf']);

type Call = Pick<NoteCommand, 'program' | 'argv'>;

function wordsOfOption(argv: readonly string[], option: string): readonly string[] {
  const place = argv.indexOf(option);
  return place < 0 ? [] : (argv[place + 1] ?? '').split(/\s+/);
}

/** The call of a measuring tool that a tracer starts (`strace -c iperf3 -c a`, `bpftrace -c 'iperf3 -c a'`); null elsewhere. */
function startedCall({ program, argv }: Call): Call | null {
  if (program !== 'strace' && program !== 'perf' && program !== 'bpftrace') return null;
  const started = program === 'bpftrace' ? wordsOfOption(argv, '-c') : argv.slice(1);
  const place = started.findIndex((word) => tools.has(programName(word)));
  return place < 0 ? null : { program: programName(started[place] ?? ''), argv: started.slice(place) };
}

/** The tracer counts the calls of the measuring tool that it starts, of no other process. */
export function tracesTool(command: NoteCommand): boolean {
  const attached = /^(?:-[a-zA-Z]*p\d*|--pid(?:=.*)?|-a|--all-cpus)$/;
  return startedCall(command) !== null && !command.argv.some((word) => attached.test(word));
}

/** What a command of a note asks of a measuring tool; null for every other program. */
export function toolCommand(command: NoteCommand): BulkCommand | RequestCommand | null {
  const { program, argv } = startedCall(command) ?? command;
  if (program === 'iperf3') return bulkCommand('iperf3', optionWords(argv.slice(1), iperf3Words));
  if (program === 'iperf') return bulkCommand('iperf', optionWords(argv.slice(1), iperfWords));
  if (program === 'sockperf') return requestCommand(argv, optionWords(argv.slice(2), sockperfWords));
  return null;
}

/** Time between the rows that a call of iperf or iperf3 asks for; null where it names none. */
export function reportIntervalNs(command: NoteCommand): number | null {
  const { program, argv } = startedCall(command) ?? command;
  const words = program === 'iperf3' ? iperf3Words : program === 'iperf' ? iperfWords : null;
  return words === null ? null : seconds(optionValue(optionWords(argv.slice(1), words), ['i', 'interval']));
}

const sentenceWords =
  /^(?:the|an?|is|was|were|are|and|then|we|to|for|with|on|it|this|that|these|from|by|as|has|have|can|not|of|shows?|gives?|output|results?|below|above|which|but|where|when|while)[.,;:!?]?$|^[a-z]+[,;:!?]$/i;

/** A word that a sentence has and a call has not. */
export function isSentenceWord(word: string): boolean {
  return sentenceWords.test(word);
}

/** How many words of a call the program takes: of a sentence that goes on behind it, none. Programs other than the measuring tools take any words, but for those of a sentence. */
export function ownWordCount({ program, argv }: Call): number {
  if (program === 'sockperf') return Math.min(argv.length, 2) + optionCount(argv.slice(2), sockperfWords);
  if (program === 'iperf3') return 1 + optionCount(argv.slice(1), iperf3Words);
  if (program === 'iperf') return 1 + optionCount(argv.slice(1), iperfWords);
  const first = argv.findIndex((word, place) => place > 0 && isSentenceWord(word));
  return first < 0 ? argv.length : first;
}

/** Whether more stands behind the call than belongs to it, as in running text. */
export function hasFurtherWords(command: NoteCommand): boolean {
  return !isSubjectCall(command.argv[0] ?? '', command.argv[1]) || ownWordCount(command) < command.argv.length;
}

/** The command runs something that counts system calls: bpftrace, a script of it by its name, perf trace, strace. */
export function isTracer({ program, argv }: NoteCommand): boolean {
  if (program === 'perf') return argv.includes('trace');
  return /bpftrace|\.bt$/.test(program) || program === 'strace' || argv.some((word) => word.endsWith('.bt'));
}
