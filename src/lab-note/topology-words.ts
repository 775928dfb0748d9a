/** Who talks to whom, as headings and comments say it. */
export type NotedTopology = 'vm-to-host' | 'host-to-vm' | 'vm-to-vm' | 'host-to-host';

const machine = String.raw`(?:micro-?)?(?:vm|guest)s?`;
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

/** The topology that a path of headings names, the innermost first; null where none does. */
export function topologyOf(headings: readonly string[]): NotedTopology | null {
  for (const heading of headings.toReversed()) {
    const found = patterns.find(([, pattern]) => pattern.test(heading.slice(0, 300)));
    if (found !== undefined) return found[0];
  }
  return null;
}
