import { readFileSync } from 'node:fs';

const tcpListen = '0A';

/** Where a server is to be found. */
export interface ListeningPlace {
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  /** IPv4; others of the same namespace may have servers on the same port. */
  readonly address: string;
}

function hexadecimal(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0');
}

/** An IPv4 address as /proc shows it: its four bytes as one number of this machine, least significant first. */
function addressWord(address: string): string {
  return address
    .split('.')
    .toReversed()
    .map((part) => hexadecimal(Number(part), 2))
    .join('');
}

/**
 * Whether a socket listens on (TCP) or is bound to (UDP) this port of this address, or of all, in the text of /proc/PID/net/{tcp,udp} and their IPv6
 * fellows (proc(5): hexadecimal local address and port in the second column, state in the fourth, 0A is TCP_LISTEN of include/net/tcp_states.h).
 */
export function isListeningIn(text: string, { protocol, port, address }: ListeningPlace): boolean {
  const own = addressWord(address);
  const wantedPort = hexadecimal(port, 4);
  return text.split('\n').some((line) => {
    const [, local = '', , state] = line.trim().split(/\s+/);
    const [boundTo = '', boundPort] = local.split(':');
    // The last word of an IPv6 address that stands for an IPv4 one is that one.
    const isOurs = boundTo.endsWith(own) || /^0+$/.test(boundTo);
    return isOurs && boundPort === wantedPort && (protocol === 'udp' || state === tcpListen);
  });
}

/** The same for the network namespace that a process of this host is in. */
export function isListening(pid: number, place: ListeningPlace): boolean {
  return [place.protocol, `${place.protocol}6`].some((name) => {
    try {
      return isListeningIn(readFileSync(`/proc/${String(pid)}/net/${name}`, 'utf8'), place);
    } catch {
      return false;
    }
  });
}
