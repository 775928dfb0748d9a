import { describe, expect, it } from 'vitest';
import { isListeningIn } from './listening.ts';

// cat /proc/net/tcp with iperf3 -s -B 192.168.100.1 listening on 5201 and one established connection to port 443 (0x01BB)
const tcp = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0164A8C0:1451 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 17436 1 0000000000000000 100 0 0 10 0
   1: 0100007F:01BB 0100007F:C001 01 00000000:00000000 02:00000000 00000000     0        0 17437 2 0000000000000000 20 4 30 10 -1
`;

describe('isListeningIn', () => {
  it('sees a listening TCP socket by its port', () => {
    expect(isListeningIn(tcp, { protocol: 'tcp', port: 5201, address: '192.168.100.1' })).toBe(true);
  });

  it('does not take an established connection for a listener', () => {
    expect(isListeningIn(tcp, { protocol: 'tcp', port: 443, address: '127.0.0.1' })).toBe(false);
  });

  it('does not take a port for another that it ends with', () => {
    expect(isListeningIn(tcp, { protocol: 'tcp', port: 0x51, address: '192.168.100.1' })).toBe(false);
  });

  it('takes a bound UDP socket as ready whatever its state', () => {
    const bound = '  10: 0164A8C0:2B67 00000000:0000 07 0 0\n';
    expect(isListeningIn(bound, { protocol: 'udp', port: 11111, address: '192.168.100.1' })).toBe(true);
  });

  it('does not take the server of another address for the one that is waited for', () => {
    expect(isListeningIn(tcp, { protocol: 'tcp', port: 5201, address: '192.168.101.1' })).toBe(false);
  });

  it('takes a server of all addresses, of IPv6 too', () => {
    const any = '  0: 00000000000000000000000000000000:1451 00000000000000000000000000000000:0000 0A 0 0\n';
    const mapped = '  0: 0000000000000000FFFF00000164A8C0:1451 00000000000000000000000000000000:0000 0A 0 0\n';
    const place = { protocol: 'tcp', port: 5201, address: '192.168.100.1' } as const;
    expect(isListeningIn(any, place)).toBe(true);
    expect(isListeningIn(mapped, place)).toBe(true);
    expect(isListeningIn(mapped, { ...place, address: '192.168.100.2' })).toBe(false);
  });
});
