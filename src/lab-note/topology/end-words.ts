/** Words for the two ends of a path, as pieces of patterns. Patterns of them take no account of case. */

/** `VM`, `guests`, `microVM 2`, `vm-1`. */
export const plainMachine = String.raw`(?:(?:micro|[uµμ])?-?(?:vm|guest)s?|virtual machines?|instances?)(?:[ _-]?\d{1,3})?`;
export const brand = String.raw`(?:kvm|fc|firecracker|qemu)`;
/** `KVM`, `FC` stand for a VM, too. */
export const machine = String.raw`(?:${plainMachine}|${brand}(?:[ _-]?\d{1,3})?)`;
export const host = String.raw`(?:(?:bare[ -]?)?metal|bm|host(?: machine)?|hypervisor)(?:[ _-]?\d{1,3})?`;
export const article = String.raw`(?:the |a |an |another |other |one |second |same |its )*`;
/** Both ways, or nobody says which end is the client. */
export const bothWays = /<[-=]|↔|⇔|⟷|⇄|⇆|⟺| and | vs/;
export const arrow = String.raw`\s*(?:<?[-=]+>|<[-=]+>?|[-‐‑–—](?:to|2)[-‐‑–—]|[-‐‑–—]|to|2|and|↔|→|⇒|⇔|⟶|⟷|⇄|⇆|⟺)\s*`;

export function pattern(...parts: readonly string[]): RegExp {
  return new RegExp(String.raw`(?<![\w-])${parts.join('')}(?![\w])`, 'i');
}

export const anyMachine = pattern(machine);
export const anyHost = pattern(host);
const manyMachines = /(?<![\w-])(?:vms|guests|(?:two|2|both|three|several)\s(?:\w{1,12}\s){0,2}(?:vm|guest))/i;

export type End = 'guest' | 'host';

/** The end that some words are about; null where they speak of both or none. */
function endOf(words: string): End | null {
  const isGuest = anyMachine.test(words);
  return isGuest === anyHost.test(words) ? null : isGuest ? 'guest' : 'host';
}

const between = /\b(?:between|among)\s(.{1,60})/i;
const pair = /^(.{1,40}?)\s(?:and|&)\s(.{1,40})$/i;

/** `between two VMs`, `between VM Linux and VM FreeBSD`: the two ends where both are of one kind, else null. */
export function betweenEnds(text: string): End | null {
  const words = between.exec(text)?.[1];
  if (words === undefined) return null;
  const [, first, second] = pair.exec(words) ?? [];
  if (first === undefined || second === undefined) return manyMachines.test(words) ? 'guest' : null;
  if (manyMachines.test(first)) return anyHost.test(second.slice(0, 20)) ? null : 'guest';
  const end = endOf(first);
  return end !== null && end === endOf(second) ? end : null;
}
