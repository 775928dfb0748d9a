import { anyHost, article, type End, host, machine, plainMachine } from './end-words.ts';
import type { NotedTopology } from './noted-topology.ts';

/** `the host network`, `the VM's kernel`: of an end, but not the end itself. */
const notOfEnd = String.raw`(?![\w-]|['’]s|\s(?:hosts?|networks?|kernel|stack|cpus?|os|interface|nic|bridge|only|vm|guest)\b)`;
/** A server that was started somewhere is no client. */
const withoutServer = String.raw`(?:(?!\bserver|\blisten|\s-s\b)[^.;:,]){0,40}?`;

/** `ran iperf3 on the host`, `started from the guest`. */
function startedOn(end: string): RegExp {
  const verb = String.raw`\b(?:runs?|running|ran|executed|executing|started|launched)\b`;
  return new RegExp(`${verb}${withoutServer}\\s(?:on|from|in|inside)\\s${article}${end}${notOfEnd}`, 'i');
}

/** `testing server vm`, `against the guest`. */
function wentTo(end: string): RegExp {
  const verb = String.raw`\b(?:test|tests|testing|targeting|against|to|towards?)\s`;
  return new RegExp(`${verb}${article}(?:server\\s)?${end}${notOfEnd}`, 'i');
}

const started: Readonly<Record<End, RegExp>> = { guest: startedOn(machine), host: startedOn(host) };
const went: Readonly<Record<End, RegExp>> = { guest: wentTo(machine), host: wentTo(host) };
/** `to the host from the guest`. */
function toFrom(server: string, client: string): RegExp {
  return new RegExp(String.raw`\bto\s${article}${server}${notOfEnd}\sfrom\s${article}${client}${notOfEnd}`, 'i');
}

const turned = [
  { said: toFrom(host, machine), topology: 'vm-to-host' },
  { said: toFrom(machine, host), topology: 'host-to-vm' },
  { said: toFrom(machine, machine), topology: 'vm-to-vm' },
] as const;
const otherHost = /\b(?:another|other|second|different|remote|external|physical|separate)\b/i;
const topologies = {
  guest: { guest: 'vm-to-vm', host: 'vm-to-host' },
  host: { guest: 'host-to-vm', host: null },
} as const;

/** The one end that a pattern finds; null where it finds none, both, or a host that is not the guest's own. */
function only(patterns: Readonly<Record<End, RegExp>>, text: string): End | null {
  const [guests, hosts] = [patterns.guest.exec(text), patterns.host.exec(text)];
  if ((guests === null) === (hosts === null)) return null;
  if (hosts !== null && otherHost.test(hosts[0])) return null;
  return guests === null ? 'host' : 'guest';
}

/** `Running iperf3 on the host, testing the server VM`: where a client was started, and what it went to. */
export function saidRun(text: string): NotedTopology | null {
  const found = turned.find(({ said }) => said.test(text));
  if (found !== undefined) return otherHost.test(found.said.exec(text)?.[0] ?? '') ? null : found.topology;
  const [client, server] = [only(started, text), only(went, text)];
  return client === null || server === null ? null : topologies[client][server];
}

/** `2 VMs`, `two Debian guests on the same host`. */
const twoMachines = new RegExp(
  String.raw`\b(?:two|2)\s(?:[\w-]+\s){0,2}?${plainMachine}(?:\s(?:running|hosted|placed|located))?(?:\s(?:on|in)\s(?:the |a |one |same |single |physical )*(?:host|hypervisor|machine|server|node|desktop|laptop|pc)\b)?(?![\w-])`,
  'i',
);
const measuring = /\b(?:iperf[23]?|sockperf|bandwidth|throughput|latency|speed)\b/i;
const otherEnd =
  /\b(?:laptop|desktop|pc|containers?|pods?|docker|router|gateway|internet|physical|remote|external|outside|each|hypervisor|machine)\b/i;

/** Words that speak of two VMs, of measuring, and of nothing else that could be an end: `I have 2 VMs and ran iperf3`. */
export function isOfTwoMachines(text: string): boolean {
  if (!measuring.test(text) || !twoMachines.test(text)) return false;
  const rest = text.replace(twoMachines, ' ');
  return !anyHost.test(rest) && !otherEnd.test(rest);
}
