import {
  anyMachine,
  arrow,
  article,
  betweenEnds,
  bothWays,
  brand,
  host,
  machine,
  pattern,
  plainMachine,
} from './end-words.ts';
import type { NotedTopology } from './noted-topology.ts';
import { withEnglishEnds } from './other-languages.ts';
import { saidParts } from './said-parts.ts';
import { isOfTwoMachines, saidRun } from './said-run.ts';

/** What a path of headings says of the two ends. */
export interface HeadingTopology {
  /** null where no heading says it, or one says it in words that are not known. */
  readonly topology: NotedTopology | null;
  /** The heading that speaks of other ends than a guest and its host; null where none does. */
  readonly otherHeading: string | null;
}

/** What one heading says. */
export interface SaidTopology {
  readonly topology: NotedTopology | 'other';
  /** The heading speaks of both ends; else the other one is taken for the host, as long as no heading around it knows better. */
  readonly isWhole: boolean;
}

const guests = [
  pattern(plainMachine, arrow, article, plainMachine),
  // `QEMU/KVM` and `KVM and FC` name what is compared.
  /(?<![\w-])(kvm|fc|firecracker|qemu)[ _-]?\d{0,3}\s*(?:-+>?|=>|<-+>|to|2|→|⇒|↔)\s*(?:an?other |a )?\1(?!\w)/i,
  pattern('(?:', plainMachine, '|', brand, ' (?:vm|guest))', arrow, article, '(?:', brand, ' )?', plainMachine),
  /\binter-?(?:vm|guest)\b/i,
];
/** `VM A to VM B`. */
const lettered =
  /\b(?:vm|VM|guest|Guest)[ _-]?[A-D]\s*(?:<?-+>?|=>|to|2|→|⇒|↔|and)\s*(?:vm|VM|guest|Guest)[ _-]?[A-D]\b/;
const hosts = [
  pattern(host, arrow, article, host),
  /(?<![\w-])bare[ -]?metal\b|(?<![\w-])bm\b|\bloopback\b|\bwithout (?:a )?vms?\b|\bno vms?\b|\b(?:on )?native(?:ly)?\b/i,
];
const withoutMachines = /\b(?:without (?:a )?|no )vms?\b/i;
const remote = /\b(?:another|other|second|different|remote|external|physical|separate)\b/i;

const toHost = pattern(machine, arrow, article, '(?!vm)', host);
const toGuest = pattern(host, arrow, article, machine);
const toOther = pattern(
  machine,
  String.raw`\s*(?:-+>|=>|→|⇒|to|<->|↔)\s*`,
  article,
  '(?:remote |external |physical )?(?:host|machine|container|pod|internet|lan|node|docker|server|client|gateway|router|namespace|netns|external|remote)',
);

function isHosts(text: string): boolean {
  const isNative = hosts[1]?.test(text) === true && (!anyMachine.test(text) || withoutMachines.test(text));
  return hosts[0]?.test(text) === true || isNative;
}

/** What words say that name both ends beside each other. */
export function saidEnds(text: string): NotedTopology | 'other' | null {
  if (lettered.test(text) || guests.some((each) => each.test(text))) return 'vm-to-vm';
  const between = betweenEnds(text);
  if (between !== null) return between === 'guest' ? 'vm-to-vm' : 'host-to-host';
  const isToHost = toHost.test(text) && !remote.test(text);
  const isToGuest = toGuest.test(text) && !remote.test(text);
  // `host and VM`, `VM <-> host`: nobody says which is the client.
  if (isToHost && isToGuest) return null;
  if (isToHost || isToGuest) return bothWays.test(text) ? null : isToHost ? 'vm-to-host' : 'host-to-vm';
  return saidRun(text) ?? (toOther.test(text) ? 'other' : null);
}

const longest = 300;

/** The topology that one heading says; null where it does not. */
function ofHeading(whole: string): SaidTopology | null {
  const heading = withEnglishEnds(whole.slice(0, longest));
  const parts = saidParts(heading);
  if (parts !== null) return parts.topology === null ? null : { topology: parts.topology, isWhole: parts.isWhole };
  const ends = saidEnds(heading);
  if (ends !== null && ends !== 'other') return { topology: ends, isWhole: true };
  if (ends === null && isHosts(heading)) return { topology: 'host-to-host', isWhole: true };
  return ends === null ? null : { topology: ends, isWhole: true };
}

/** Two guests, of which an inner heading tells the part of one. */
function isOfBoth(inner: NotedTopology | 'other', outer: readonly string[]): boolean {
  return inner !== 'other' && outer.some((heading) => ofHeading(heading)?.topology === 'vm-to-vm');
}

/** The topology that a path of headings names, the innermost first. */
export function topologyOf(headings: readonly string[]): HeadingTopology {
  for (const [place, heading] of [...headings.entries()].toReversed()) {
    const found = ofHeading(heading);
    if (found === null) continue;
    if (!found.isWhole && isOfBoth(found.topology, headings.slice(0, place)))
      return { topology: 'vm-to-vm', otherHeading: null };
    if (found.topology === 'other') return { topology: null, otherHeading: heading };
    return { topology: found.topology, otherHeading: null };
  }
  return { topology: null, otherHeading: null };
}

/** What a line of running text above an output says, where it names both ends; null elsewhere. */
export function topologyOfLead(whole: string): NotedTopology | null {
  if (whole.length > longest) return null;
  const text = withEnglishEnds(whole);
  const parts = saidParts(text);
  if (parts !== null) return parts.isWhole && parts.topology !== 'other' ? parts.topology : null;
  const ends = saidEnds(text);
  if (ends === 'other') return null;
  return ends ?? (isOfTwoMachines(text) ? 'vm-to-vm' : null);
}
