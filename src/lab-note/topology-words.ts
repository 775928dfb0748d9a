/** Who talks to whom, as headings and comments say it. */
export type NotedTopology = 'vm-to-host' | 'host-to-vm' | 'vm-to-vm' | 'host-to-host';

/** What a path of headings says of the two ends. */
export interface HeadingTopology {
  /** null where no heading says it, or one says it in words that are not known. */
  readonly topology: NotedTopology | null;
  /** The heading that speaks of other ends than a guest and its host; null where none does. */
  readonly otherHeading: string | null;
}

/** `VM`, `guests`, `microVM 2`, `vm-1`, `KVM`, `FC`. */
const plainMachine = String.raw`(?:(?:micro|[uµμ])?-?(?:vm|guest)s?|instances?)(?:[ _-]?\d{1,3})?`;
const brand = String.raw`(?:kvm|fc|firecracker|qemu)`;
const machine = String.raw`(?:${plainMachine}|${brand}(?:[ _-]?\d{1,3})?)`;
const host = String.raw`(?:(?:bare[ -]?)?metal|bm|host(?: machine)?|hypervisor)(?:[ _-]?\d{1,3})?`;
const arrow = String.raw`\s*(?:<?[-=]+>|<[-=]+>?|[-‐‑–—]|to|2|and|↔|→|⇒|⇔|⟶|⟷)\s*`;
const article = String.raw`(?:the |a |an |another |other |one |second |same |its )*`;

function pattern(...parts: readonly string[]): RegExp {
  return new RegExp(String.raw`(?<![\w-])${parts.join('')}(?![\w])`, 'i');
}

const between = String.raw`\bbetween (?:the |two |2 |three |several )*`;
const guests = [
  pattern(plainMachine, arrow, article, plainMachine),
  // `QEMU/KVM` and `KVM and FC` name what is compared.
  /(?<![\w-])(kvm|fc|firecracker|qemu)[ _-]?\d{0,3}\s*(?:-+>?|=>|<-+>|to|2|→|⇒|↔)\s*(?:an?other |a )?\1(?!\w)/i,
  pattern('(?:', plainMachine, '|', brand, ' (?:vm|guest))', arrow, article, '(?:', brand, ' )?', plainMachine),
  new RegExp(String.raw`${between}${machine}(?![\w-])(?! (?:and|&) ${article}${host})|\binter-?(?:vm|guest)\b`, 'i'),
];
const hosts = [
  pattern(host, arrow, article, host),
  /(?<![\w-])bare[ -]?metal\b|(?<![\w-])bm\b|\bloopback\b|\bwithout (?:a )?vms?\b|\bno vms?\b|\b(?:on )?native(?:ly)?\b/i,
];
const part = String.raw` (?:as|is|acts as|acting as|being) (?:a |the )?`;
const joined = String.raw`\s*(?:=|:|\(|(?:is |runs |running )?(?:on|in|inside|inside of))\s*(?:the |a |one )?`;

/** What says that a guest has this part: `VM as client`, `client in the VM`, `guest = client`. */
function ofGuest(role: string): readonly RegExp[] {
  return [
    pattern(machine, part, role),
    new RegExp(String.raw`\b${role}s?${joined}${machine}\b|\b${machine}\s*(?:=|\(|is)\s*(?:the )?${role}\b`, 'i'),
  ];
}

const guestIsClient = ofGuest('client');
const guestIsServer = ofGuest('server');
const guestsPart = pattern(machine, part, '(?:client|server)');

/** The other end of `VM as server ... of a VM`: the words behind the preposition. */
const otherEnd =
  /\b(?:to|from|of|for|with|by|against|and|towards)\s+((?:(?:the|a|an|its|another|other|one|second|different|remote|external|physical|local|same|separate)\s+){0,3})([a-z][\w-]{1,30})/gi;
const remote = /\b(?:another|other|second|different|remote|external|physical|separate)\b/i;
/** What data are called, not where they go. */
const data =
  /^(?:bulk|small|large|requests?|responses?|repl(?:y|ies)|data|bytes?|messages?|packets?|streams?|tcp|udp|files?|given|rate|throughput|latency)$/i;
const wholeMachine = new RegExp(`^${machine}$`, 'i');
const wholeHost = /^(?:host|hosts|hypervisor|dom0)$/i;

type End = 'guest' | 'host' | 'other';

/** What the other end is, of a heading that gives the guest one part; null where it does not say. */
function otherEndOf(heading: string): End | null {
  const behind = heading.replace(guestsPart, ' ');
  const ends = new Set<End>();
  for (const [, articles = '', noun = ''] of behind.matchAll(otherEnd)) {
    if (data.test(noun)) continue;
    if (wholeMachine.test(noun)) ends.add('guest');
    else if (wholeHost.test(noun)) ends.add(remote.test(articles) ? 'other' : 'host');
    else if (/^(?:machine|container|pod|node|box|pc|laptop|internet|lan|switch|router|network)$/i.test(noun))
      ends.add('other');
  }
  if (ends.has('guest')) return 'guest';
  return ends.has('other') ? 'other' : ends.has('host') ? 'host' : null;
}

function ofParts(heading: string): NotedTopology | 'other' | null {
  const isClient = guestIsClient.some((each) => each.test(heading));
  const isServer = guestIsServer.some((each) => each.test(heading));
  if (isClient && isServer) return 'vm-to-vm';
  if (!isClient && !isServer) return null;
  const other = otherEndOf(heading);
  if (other === 'guest') return 'vm-to-vm';
  if (other === 'other') return 'other';
  return isClient ? 'vm-to-host' : 'host-to-vm';
}

const toHost = pattern(machine, arrow, article, '(?!vm)', host);
const toGuest = pattern(host, arrow, article, machine);
const toOther = pattern(
  machine,
  String.raw`\s*(?:-+>|=>|→|⇒|to|<->|↔)\s*`,
  article,
  '(?:remote |external |physical )?(?:host|machine|container|pod|internet|lan|node|docker|server|client|gateway|router|namespace|netns|external|remote)',
);

/** The topology that one heading says; null where it does not. */
function ofHeading(whole: string): NotedTopology | 'other' | null {
  const heading = whole.slice(0, 300);
  const parts = ofParts(heading);
  if (parts !== null) return parts;
  if (guests.some((each) => each.test(heading))) return 'vm-to-vm';
  const isToHost = toHost.test(heading) && !remote.test(heading);
  const isToGuest = toGuest.test(heading) && !remote.test(heading);
  // `host and VM`, `VM <-> host`: nobody says which is the client.
  if (isToHost && isToGuest) return null;
  if (isToHost) return /<[-=]|↔|⇔|⟷| and | vs/.test(heading) ? null : 'vm-to-host';
  if (isToGuest) return /<[-=]|↔|⇔|⟷| and | vs/.test(heading) ? null : 'host-to-vm';
  if (hosts.some((each) => each.test(heading))) return 'host-to-host';
  return toOther.test(heading) ? 'other' : null;
}

/** The topology that a path of headings names, the innermost first. */
export function topologyOf(headings: readonly string[]): HeadingTopology {
  for (const heading of headings.toReversed()) {
    const found = ofHeading(heading);
    if (found === 'other') return { topology: null, otherHeading: heading };
    if (found !== null) return { topology: found, otherHeading: null };
  }
  return { topology: null, otherHeading: null };
}
