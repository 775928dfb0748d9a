import { ParseError } from '../record/error.ts';
import type { LinkDirection, LinkReading } from '../record/probe-readings.ts';
import type { Probe } from './probe.ts';
import { grown } from './procfs.ts';

/** A network namespace. */
export interface CountedDevices {
  /** Text of its /proc/net/dev (proc_pid_net(5)). */
  deviceCounters(): string;
}

export interface LinkPlace {
  readonly namespace: CountedDevices;
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

/** Counters of one device in the text of /proc/net/dev: 8 columns received, 8 sent. @throws ParseError */
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

/** The counters of several devices, in their order; those of one namespace are of one moment. @throws ParseError where a device is gone */
function readLinks(places: readonly LinkPlace[]): LinkSnapshot[] {
  const texts = new Map<CountedDevices, string>();
  return places.map(({ namespace, device }) => {
    const text = texts.get(namespace) ?? namespace.deviceCounters();
    texts.set(namespace, text);
    return parseLink(text, device);
  });
}

/** Packets and bytes of both directions together, of each place: for the live rate, and to see that traffic has gone quiet. Throws as `LinkProbe.snapshot`. */
export function readLinkTotals(places: readonly LinkPlace[]): { packets: number; bytes: number }[] {
  return readLinks(places).map(({ fromGuest, toGuest }) => ({
    packets: fromGuest.packets + toGuest.packets,
    bytes: fromGuest.bytes + toGuest.bytes,
  }));
}

/** Counters of links, in the order in which they were given. */
export class LinkProbe implements Probe<readonly LinkSnapshot[], LinkReading[]> {
  readonly name = 'link';
  readonly #places: readonly LinkPlace[];

  constructor(places: readonly LinkPlace[]) {
    this.#places = places;
  }

  /** @throws ParseError where a device is gone */
  async snapshot(): Promise<readonly LinkSnapshot[]> {
    return await Promise.resolve(readLinks(this.#places));
  }

  difference(opening: readonly LinkSnapshot[], closing: readonly LinkSnapshot[]): LinkReading[] {
    return this.#places.flatMap(({ device }, index) => {
      const [first, last] = [opening[index], closing[index]];
      return first === undefined || last === undefined ? [] : [linkBetween(device, first, last)];
    });
  }
}

function linkBetween(device: string, opening: LinkSnapshot, closing: LinkSnapshot): LinkReading {
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
