import { ParseError } from '../record/error.ts';
import type { LinkDirection, LinkReading } from '../record/probe-readings.ts';
import type { Probe } from './probe.ts';
import { demandProcfs, grown } from './procfs.ts';

export interface LinkOptions {
  /** Any process in the network namespace that holds the tap. */
  readonly pid: number;
  readonly device: string;
}

/** Counters of a tap since it was made. */
export interface LinkSnapshot {
  /** What the tap received: the guest sent it. */
  readonly fromGuest: LinkDirection;
  readonly toGuest: LinkDirection;
}

function parseDirection(columns: readonly string[], place: { file: string; path: string }): LinkDirection {
  const counter = (index: number): number => {
    const value = Number(columns[index]);
    if (columns[index] === undefined || Number.isNaN(value)) throw new ParseError(place, 'fewer counters than known');
    return value;
  };
  return { bytes: counter(0), packets: counter(1), errors: counter(2), drops: counter(3) };
}

/** Counters of one device in the text of /proc/net/dev (proc_pid_net(5)): 8 columns received, 8 sent. @throws ParseError */
export function parseLink(text: string, device: string): LinkSnapshot {
  const place = { file: 'net/dev', path: device };
  const line = text.split('\n').find((candidate) => candidate.trimStart().startsWith(`${device}:`));
  if (line === undefined) throw new ParseError(place, 'no such device in this network namespace');
  const columns = line
    .slice(line.indexOf(':') + 1)
    .trim()
    .split(/\s+/);
  return { fromGuest: parseDirection(columns, place), toGuest: parseDirection(columns.slice(8), place) };
}

function readLink({ pid, device }: LinkOptions): LinkSnapshot {
  return parseLink(demandProcfs(`/proc/${String(pid)}/net/dev`), device);
}

/** Packets and bytes of both directions together: for the live rate, and to see that traffic has gone quiet. Throws as `LinkProbe.snapshot`. */
export function readLinkTotals(options: LinkOptions): { packets: number; bytes: number } {
  const { fromGuest, toGuest } = readLink(options);
  return { packets: fromGuest.packets + toGuest.packets, bytes: fromGuest.bytes + toGuest.bytes };
}

/** Counters of one tap. */
export class LinkProbe implements Probe<LinkSnapshot, LinkReading> {
  readonly name = 'link';
  readonly #options: LinkOptions;

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  /** @throws TapbenchError `PROBE_FAILED` where the process is gone, ParseError where the device is */
  async snapshot(): Promise<LinkSnapshot> {
    return await Promise.resolve(readLink(this.#options));
  }

  difference(opening: LinkSnapshot, closing: LinkSnapshot): LinkReading {
    const { device } = this.#options;
    const between = (first: LinkDirection, last: LinkDirection): LinkDirection => ({
      packets: grown(`packets of ${device}`, first.packets, last.packets),
      bytes: grown(`bytes of ${device}`, first.bytes, last.bytes),
      drops: grown(`drops of ${device}`, first.drops, last.drops),
      errors: grown(`errors of ${device}`, first.errors, last.errors),
    });
    return {
      device,
      fromGuest: between(opening.fromGuest, closing.fromGuest),
      toGuest: between(opening.toGuest, closing.toGuest),
    };
  }
}
