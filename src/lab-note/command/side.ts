import { withEnglishEnds } from '../topology/other-languages.ts';

/** Where a note says that a command ran. */
export interface NoteSide {
  /** `guest` for vm, too. */
  readonly place: 'host' | 'guest' | null;
  readonly role: 'server' | 'client' | null;
  /** Number behind the word: `node 0`, `vm2`. */
  readonly number: number | null;
  /** The words it was read from. */
  readonly text: string;
}

const host = /(?:^|[^a-z])(?:host|hypervisor|dom0|pve|bare[ -]?metal)(?:$|[^a-z])/i;
/** `vm-host`: the machine that VMs run on. */
const hostOfGuests = /(?:^|[^a-z])(?:vm|guest|kvm)s?[ _-]host(?:$|[^a-z])/i;
const guest = /(?:^|[^a-z])(?:vm|guest|microvm|uvm)(?:s?$|[^a-z])/i;
const server = /(?:^|[^a-z])(?:server|receiver)(?:$|[^a-z])/i;
const client = /(?:^|[^a-z])(?:client|sender)(?:$|[^a-z])/i;
const numbered = /(?:^|[^a-z])(?:node|vm|guest|host|machine|server|client)[ _#-]?(\d{1,4})(?:$|[^\d.])/i;
/** A longer comment says something else. */
const mostWords = 8;

/** @returns null where the words name no side */
export function readSide(whole: string): NoteSide | null {
  if (whole.length > 80 || whole.split(/\s+/).length > mostWords) return null;
  const text = withEnglishEnds(whole);
  const isGuest = guest.test(text) && !hostOfGuests.test(text);
  const isServer = server.test(text);
  const place = isGuest ? 'guest' : host.test(text) ? 'host' : null;
  const role = isServer ? 'server' : client.test(text) ? 'client' : null;
  const digits = numbered.exec(text)?.[1];
  if (place === null && role === null && digits === undefined) return null;
  return { place, role, number: digits === undefined ? null : Number(digits), text: whole.trim() };
}

const places = String.raw`(?:host|hypervisor|dom0|bare[ -]?metal|vm|guest|microvm|uvm)`;
/** `on the guest`, `Host side:`; a sentence that ends in "until the guest crashes" tells nothing of where something ran. */
const isWhere = new RegExp(
  String.raw`(?:^\W*|\b(?:on|in|inside|at|from|for|of|as)\s(?:(?:the|a|an|my|our|one|first|second|other|remote|same)\s)*)${places}`,
  'i',
);
const mostLabelWords = 3;

/** The side that words before a block say, where they speak of one only: `Start the server on the host:`. */
export function readLeadSide(text: string): NoteSide | null {
  const plain = withEnglishEnds(text.replace(/[*_`]+/g, '').trim());
  const side = readSide(plain);
  if (side === null || (guest.test(plain) && host.test(plain)) || (server.test(plain) && client.test(plain)))
    return null;
  const isLabel = plain.split(/\s+/).length <= mostLabelWords;
  if (side.place === null || isLabel || isWhere.test(plain)) return side;
  return side.role === null ? null : { ...side, place: null };
}
