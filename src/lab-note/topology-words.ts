/** Who talks to whom, as headings and comments say it. */
export type NotedTopology = 'vm-to-host' | 'host-to-vm' | 'vm-to-vm' | 'host-to-host';

/** `VM`, `guests`, `microVM 2`, `vm-1`. */
const machine = String.raw`(?:micro-?)?(?:vm|guest)s?(?:[ _-]?\d{1,3})?`;
const patterns: readonly (readonly [NotedTopology, RegExp])[] = [
  [
    'vm-to-vm',
    new RegExp(
      String.raw`\b${machine}\s*(?:-|to|->|<->|and|↔|→)\s*${machine}\b|\bbetween (?:two |2 )?${machine}\b`,
      'i',
    ),
  ],
  ['host-to-host', /\bbare[ -]?metal\b|\bhost\s*(?:-|to|->|<->|→)\s*host\b|\bloopback\b|\bwithout (?:a )?vm\b/i],
  [
    'vm-to-host',
    new RegExp(String.raw`\b${machine} as (?:a |the )?client\b|\b${machine}\s*(?:-|to|->|→)\s*host\b`, 'i'),
  ],
  [
    'host-to-vm',
    new RegExp(String.raw`\b${machine} as (?:a |the )?server\b|\bhost\s*(?:-|to|->|→)\s*${machine}\b`, 'i'),
  ],
];

const joined = String.raw`\s*(?:=|:|\(|(?:is |runs |running )?(?:on|in|inside|inside of))\s*(?:the |a |one )?`;
const clientInGuest = new RegExp(
  String.raw`\bclients?${joined}${machine}\b|\b${machine}\s*(?:=|\(|is)\s*(?:the )?client\b`,
  'i',
);
const serverInGuest = new RegExp(
  String.raw`\bservers?${joined}${machine}\b|\b${machine}\s*(?:=|\(|is)\s*(?:the )?server\b`,
  'i',
);

/** The topology that a heading says of the roles: `server on the VM`, `guest = client`. */
function ofRoles(heading: string): NotedTopology | null {
  const [isClient, isServer] = [clientInGuest.test(heading), serverInGuest.test(heading)];
  if (isClient && isServer) return 'vm-to-vm';
  return isClient ? 'vm-to-host' : isServer ? 'host-to-vm' : null;
}

/** The topology that one heading says; null where it does not. */
function ofHeading(whole: string): NotedTopology | null {
  const heading = whole.slice(0, 300);
  return patterns.find(([, pattern]) => pattern.test(heading))?.[0] ?? ofRoles(heading);
}

/** The topology that a path of headings names, the innermost first; null where none does. */
export function topologyOf(headings: readonly string[]): NotedTopology | null {
  for (const heading of headings.toReversed()) {
    const found = ofHeading(heading);
    if (found !== null) return found;
  }
  return null;
}
