import type { NicSpec } from '../../record/experiment.ts';

/** Addresses of the lab note for the first pair; the next ones have the subnets after it, of which `mostPairs` fit into the octet. */
const firstSubnet = 100;
/** `tb` in hexadecimal, in locally administered addresses (IEEE 802, second bit of the first octet). */
const macPrefix = '02:74:62';

/** Hosts of a pair's subnet: `host` is the namespace's end, or the server where there is no VM. */
export const hosts = { host: 1, client: 2, server: 3 } as const;

/** Where a namespace takes in files of its first machine; of each next one on the port below, as nc(1) of busybox listens on all addresses. */
export const firstReceiverPort = 5199;

/** Addresses and names of one pair, by its place from 0 on: no two pairs have one in common. */
export interface Pair {
  /** `1` for the first. */
  readonly number: string;
  readonly flow: string;
  address(host: number): string;
  withPrefix(host: number): string;
  mac(host: number): string;
  /** Of the bridge's port that a host is behind. */
  portMac(host: number): string;
}

function octet(value: number): string {
  return value.toString(16).padStart(2, '0');
}

export function pairAt(index: number): Pair {
  const address = (host: number): string => `192.168.${String(firstSubnet + index)}.${String(host)}`;
  return {
    number: String(index + 1),
    flow: `flow${String(index + 1)}`,
    address,
    withPrefix: (host) => `${address(host)}/24`,
    mac: (host) => `${macPrefix}:00:${octet(index)}:${octet(host)}`,
    portMac: (host) => `${macPrefix}:01:${octet(index)}:${octet(host)}`,
  };
}

/** One after another, from the first on. */
export function pairsOf(count: number): Pair[] {
  return Array.from({ length: count }, (_, index) => pairAt(index));
}

/** @param owner user that may attach to it; null: root only */
export function tapLine(device: string, { queues }: NicSpec, owner: number | null): string {
  const words = [`tuntap add dev ${device} mode tap vnet_hdr`];
  if (queues > 1) words.push('multi_queue');
  if (owner !== null) words.push('user', String(owner));
  return words.join(' ');
}

/** No IPv6 neighbour discovery on a path where packets are counted. */
export function setLine(device: string, mac: string, { mtu }: NicSpec): string {
  return `link set dev ${device} address ${mac} addrgenmode none mtu ${String(mtu)}`;
}
