import { type FileHandle, open } from 'node:fs/promises';
import { firstComplaint } from '../../../record/complaint.ts';
import { ParseError, TapbenchError } from '../../../record/error.ts';
import { SortedRoundTrips } from '../../output/message-statistics.ts';
import type { RawOutput } from '../../workload.ts';

/** What the errors call the output. */
const file = 'ping';
const nsPerMillisecond = 1e6;

/** What ping sums up at its end. Times in ns. */
export interface PingSummary {
  readonly sent: number;
  readonly received: number;
  readonly duplicates: number;
  /** Replies to requests before the last one answered. */
  readonly outOfOrder: number;
  readonly durationNs: number;
}

const reply = /^(\d+) bytes from \S+ icmp_seq=(\d+) ttl=\d+ time=(\d+(?:\.\d+)?) ms( \(DUP!\))?$/;
const counts =
  /^(\d+) packets transmitted, (\d+) received,(?: \+(\d+) duplicates,)?(?: \+\d+ corrupted,)?(?: \+\d+ errors,)? [\d.]+% packet loss, time (\d+)ms$/;
const times = /^rtt min\/avg\/max\/mdev = (\d+\.\d{3})\/(\d+\.\d{3})\/(\d+\.\d{3})\/\d+\.\d{3} ms(?:, .*)?$/;

function refuse(path: string, message: string, cause?: unknown): never {
  throw new ParseError({ file, path }, message, { cause });
}

/**
 * A client that had no reply, or that failed.
 * @throws TapbenchError `TOOL_FAILED`
 */
export function demandReplies({ exitStatus, stderr, stdout }: RawOutput): void {
  if (exitStatus === 0) return;
  const status = exitStatus === null ? 'ended by a signal' : `exit status ${String(exitStatus)}`;
  // ping(8): 1 where no reply came at all, 2 for any other error.
  const said = firstComplaint(`${stderr}\n${stdout}`) ?? (exitStatus === 1 ? 'no reply came' : 'it said nothing');
  throw new TapbenchError('TOOL_FAILED', `ping failed (${status}): ${said}`, {
    hint: 'The raw output of the client is kept beside the trial.',
  });
}

/** The round trips of all replies, as they come. */
class Replies {
  #ns = new Float64Array(1024);
  #count = 0;
  #duplicates = 0;
  #outOfOrder = 0;
  #lastSequence: number | null = null;

  get count(): number {
    return this.#count;
  }

  get disorder(): Pick<PingSummary, 'duplicates' | 'outOfOrder'> {
    return { duplicates: this.#duplicates, outOfOrder: this.#outOfOrder };
  }

  /** @returns false for a line that is no reply */
  take(line: string): boolean {
    const [, , sequence, milliseconds, duplicate] = reply.exec(line) ?? [];
    if (sequence === undefined || milliseconds === undefined) return false;
    if (duplicate !== undefined) {
      this.#duplicates += 1;
      return true;
    }
    this.#order(Number(sequence));
    if (this.#count === this.#ns.length) {
      const larger = new Float64Array(this.#ns.length * 2);
      larger.set(this.#ns);
      this.#ns = larger;
    }
    this.#ns[this.#count] = Math.round(Number(milliseconds) * nsPerMillisecond);
    this.#count += 1;
    return true;
  }

  /** Sequence numbers have 16 bits: after 65535 comes 0. */
  #order(sequence: number): void {
    const ahead = (sequence - (this.#lastSequence ?? sequence) + 65_536) % 65_536;
    if (ahead < 32_768) this.#lastSequence = sequence;
    else this.#outOfOrder += 1;
  }

  sorted(): SortedRoundTrips {
    return new SortedRoundTrips(this.#ns.slice(0, this.#count));
  }
}

async function opened(path: string): Promise<FileHandle> {
  try {
    return await open(path);
  } catch (cause) {
    return refuse('the file', 'it cannot be opened', cause);
  }
}

/** The replies, and the lines behind the heading of the statistics. */
async function linesOf(path: string): Promise<{ replies: Replies; closing: string[] }> {
  const replies = new Replies();
  const closing: string[] = [];
  let isClosing = false;
  await using handle = await opened(path);
  for await (const line of handle.readLines({ encoding: 'latin1' })) {
    if (isClosing) closing.push(line);
    else if (/^--- \S+ ping statistics ---$/.test(line)) isClosing = true;
    else replies.take(line);
    if (closing.length > 2) break;
  }
  return { replies, closing };
}

/** Above a millisecond ping prints three digits, cut or rounded. */
function isNear(printedMilliseconds: string | undefined, ns: number): boolean {
  return Math.abs(Number(printedMilliseconds) * nsPerMillisecond - ns) <= 1_000 + 0.01 * ns;
}

/** Lines that do not give the tool's own figures again are of another run, or cut out of it. */
function checkAgreement(roundTrips: SortedRoundTrips, line: string | undefined): void {
  const [, min, avg, max] = times.exec(line ?? '') ?? [];
  if (min === undefined) refuse('rtt', 'missing or truncated');
  const mean = roundTrips.ns.reduce((sum, each) => sum + each, 0) / roundTrips.count;
  const found = { min: roundTrips.at(0), avg: mean, max: roundTrips.at(roundTrips.count - 1) };
  for (const [name, printed] of Object.entries({ min, avg, max })) {
    const ns = new Map(Object.entries(found)).get(name) ?? NaN;
    if (!isNear(printed, ns))
      refuse(`rtt ${name}`, `${String(printed)} ms, but the replies say ${String(ns / 1e6)} ms`);
  }
}

/**
 * Reads what ping printed: a line a reply, and its statistics.
 * @throws ParseError where it is missing, truncated, of another run, or has fewer than two replies
 */
export async function readReplies(path: string): Promise<{ summary: PingSummary; roundTrips: SortedRoundTrips }> {
  const { replies, closing } = await linesOf(path);
  const [, sent, received, , time] = counts.exec(closing[0] ?? '') ?? [];
  if (sent === undefined || received === undefined || time === undefined) refuse('statistics', 'missing or truncated');
  if (replies.count !== Number(received)) {
    refuse('statistics', `${received} replies, but there are ${String(replies.count)} lines of them`);
  }
  if (replies.count < 2) refuse('statistics', `${received} replies: at least two are needed`);
  const roundTrips = replies.sorted();
  checkAgreement(roundTrips, closing[1]);
  return {
    summary: {
      sent: Number(sent),
      received: Number(received),
      ...replies.disorder,
      durationNs: Number(time) * nsPerMillisecond,
    },
    roundTrips,
  };
}
