import { readFileSync } from 'node:fs';

const tcpListen = '0A';

/**
 * Whether a socket listens on (TCP) or is bound to (UDP) this port, in the text of /proc/PID/net/{tcp,udp} (proc(5):
 * hexadecimal local address and port in the second column, state in the fourth, 0A is TCP_LISTEN of include/net/tcp_states.h).
 */
export function isListeningIn(text: string, protocol: 'tcp' | 'udp', port: number): boolean {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return text.split('\n').some((line) => {
    const [, local, , state] = line.trim().split(/\s+/);
    return local?.endsWith(suffix) === true && (protocol === 'udp' || state === tcpListen);
  });
}

/** The same for the network namespace that a process of this host is in. */
export function isListening(pid: number, protocol: 'tcp' | 'udp', port: number): boolean {
  return [protocol, `${protocol}6`].some((name) => {
    try {
      return isListeningIn(readFileSync(`/proc/${String(pid)}/net/${name}`, 'utf8'), protocol, port);
    } catch {
      return false;
    }
  });
}
