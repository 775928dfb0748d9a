import { type End, host, machine, pattern } from './end-words.ts';
import type { NotedTopology } from './noted-topology.ts';

/** What words say that give an end its part: `VM as client`, `server on the host`. */
export interface SaidParts {
  /** null: they say too little to know the other end. */
  readonly topology: NotedTopology | 'other' | null;
  readonly isWhole: boolean;
}

const part = String.raw` (?:as|is|acts as|acting as|being) (?:a |the )?(?:iperf[23]? |sockperf )?`;
const joined = String.raw`\s*(?:=|:|\(|(?:is |runs |running )?(?:on|in|inside|inside of))\s*(?:the |a |one )?`;

/** What says that an end has this part: `VM as client`, `client in the VM`, `guest = client`. */
function partOf(end: string, role: string): RegExp {
  return new RegExp(
    String.raw`(?<![\w-])(?:${end}${part}${role}|${role}s?${joined}${end}|${end}\s*(?:=|\(|is)\s*(?:the )?${role})(?![\w])`,
    'i',
  );
}

const guestIsClient = partOf(machine, 'client');
const guestIsServer = partOf(machine, 'server');
const hostIsClient = partOf(host, 'client');
const hostIsServer = partOf(host, 'server');
const guestsPart = pattern(machine, part, '(?:client|server)');
/** `requests sent by a VM`, `VM-sent requests`. */
const sentByGuest = pattern(
  `(?:${machine}-(?:sent|initiated|originated|generated)|(?:sent|initiated) by (?:a |the )?${machine})`,
);
const sentByHost = pattern(
  `(?:${host}-(?:sent|initiated|originated|generated)|(?:sent|initiated) by (?:a |the )?${host})`,
);
/** Of several machines, nobody says that the other end is the host. */
const isNumbered = pattern(String.raw`(?:vm|guest)s?[ _-]?\d{1,3}`);

/** The other end of `VM as server ... of a VM`: the words behind the preposition. */
const otherEnd =
  /\b(?:to|from|of|for|with|by|against|and|towards)\s+((?:(?:the|a|an|its|another|other|one|second|different|remote|external|physical|local|same|separate)\s+){0,3})([a-z][\w-]{1,30})/gi;
const remote = /\b(?:another|other|second|different|remote|external|physical|separate)\b/i;
/** What data are called, not where they go. */
const data =
  /^(?:bulk|small|large|requests?|responses?|repl(?:y|ies)|data|bytes?|messages?|packets?|streams?|tcp|udp|files?|given|rate|throughput|latency)$/i;
const wholeMachine = new RegExp(`^${machine}$`, 'i');
const wholeHost = /^(?:host|hosts|hypervisor|dom0)$/i;
const elsewhere = /^(?:machine|container|pod|node|box|pc|laptop|internet|lan|switch|router|network)$/i;

/** What the other end is, of words that give the guest one part; null where they do not say. */
function otherEndOf(text: string): End | 'other' | null {
  const behind = text.replace(guestsPart, ' ');
  if (sentByGuest.test(behind)) return 'guest';
  if (sentByHost.test(behind)) return 'host';
  const ends = new Set<End | 'other'>();
  for (const [, articles = '', noun = ''] of behind.matchAll(otherEnd)) {
    if (data.test(noun)) continue;
    if (wholeMachine.test(noun)) ends.add('guest');
    else if (wholeHost.test(noun)) ends.add(remote.test(articles) ? 'other' : 'host');
    else if (elsewhere.test(noun)) ends.add('other');
  }
  if (ends.has('guest')) return 'guest';
  return ends.has('other') ? 'other' : ends.has('host') ? 'host' : null;
}

function ofOneGuest(text: string, isClient: boolean): SaidParts {
  const other = otherEndOf(text);
  if (other === 'guest') return { topology: 'vm-to-vm', isWhole: true };
  if (other === 'other') return { topology: 'other', isWhole: true };
  const topology = isClient ? 'vm-to-host' : 'host-to-vm';
  if ((isClient ? hostIsServer : hostIsClient).test(text)) return { topology, isWhole: true };
  return { topology: other === null && isNumbered.test(text) ? null : topology, isWhole: other !== null };
}

/** Calls in words say a part, too: `VM (iperf3 -s)`. */
function withRoles(text: string): string {
  return text
    .replace(/`?\biperf[23]?\s+-s\b[^)`]{0,40}`?/g, 'server')
    .replace(/`?\biperf[23]?\s+-c\b[^)`]{0,40}`?/g, 'client');
}

/** null where the words give no guest a part. */
export function saidParts(whole: string): SaidParts | null {
  const text = withRoles(whole);
  const [isClient, isServer] = [guestIsClient.test(text), guestIsServer.test(text)];
  if (isClient && isServer) return { topology: 'vm-to-vm', isWhole: true };
  if (isClient || isServer) return ofOneGuest(text, isClient);
  if (hostIsClient.test(text) && hostIsServer.test(text)) return { topology: 'host-to-host', isWhole: true };
  // `VM-sent`: the guest has the client, or it would be asked for.
  if (sentByGuest.test(text)) return { topology: 'vm-to-host', isWhole: false };
  return sentByHost.test(text) ? { topology: 'host-to-vm', isWhole: false } : null;
}
