import type { HostFacts } from '../../record/host.ts';
import type { Run } from '../../record/run.ts';
import { formatSize } from '../text/units.ts';
import { markdownTable, markdownText } from './escape.ts';
import { factList, settings, sorted } from './fact-list.ts';
import { folded } from './fold.ts';

function cpuCounts({ logicalCpus, physicalCores, sockets, numaNodes }: HostFacts['cpu']): string {
  const known = (count: number | null) => String(count ?? '?');
  return `${String(logicalCpus)} logical, ${known(physicalCores)} cores, ${known(sockets)} sockets, ${known(numaNodes)} NUMA nodes`;
}

/** `autogroup on, nice 0, policy other, CPU group / (weight 100)`; null where the record is older. */
function schedulingText({ scheduling }: Pick<HostFacts, 'scheduling'>): string | null {
  if (scheduling === null) return null;
  const { isAutogroupOn, autogroupNice, nice, policy, cpuGroup, extension } = scheduling;
  const weight = cpuGroup?.weight ?? null;
  const limit = cpuGroup?.limit ?? null;
  const bounds = [
    ...(weight === null ? [] : [`weight ${String(weight)}`]),
    ...(limit === null ? [] : [`limit ${limit} us`]),
  ].join(', ');
  const parts = [
    isAutogroupOn === null ? null : `autogroup ${isAutogroupOn ? 'on' : 'off'}`,
    autogroupNice === null || autogroupNice === 0 ? null : `autogroup nice ${String(autogroupNice)}`,
    nice === null ? null : `nice ${String(nice)}`,
    policy === null ? null : `policy ${policy}`,
    cpuGroup === null ? null : `CPU group ${cpuGroup.path}${bounds === '' ? '' : ` (${bounds})`}`,
    extension === null ? null : `sched_ext ${extension}`,
  ];
  return parts.filter((part) => part !== null).join(', ');
}

/** What a reader looks for first. */
function mainFacts({ cpu, memory, kernel, ...host }: HostFacts): string {
  return factList([
    ['CPU', cpu.model],
    ['CPUs', cpuCounts(cpu)],
    ['governor', cpu.governor],
    ['turbo', cpu.isTurboOn],
    ['hypervisor below', host.hypervisor],
    ['memory', `${formatSize(memory.totalBytes)}, swap ${formatSize(memory.swapTotalBytes)}`],
    ['system', host.operatingSystem],
    ['kernel', kernel.release],
    ['scheduling', schedulingText(host)],
    ['KVM', `${host.kvm.isUsable ? 'usable' : 'not usable'}: ${host.kvm.reason}`],
    ['tracing', `${host.tracing.isUsable ? 'usable' : 'not usable'}: ${host.tracing.reason}`],
  ]);
}

/** What does not concern this CPU in one list. */
function mitigationText({ vulnerabilities }: HostFacts['cpu']): string {
  const named = sorted(vulnerabilities);
  const spared = named.filter(([, text]) => text === 'Not affected').map(([name]) => name);
  const others = named.filter(([, text]) => text !== 'Not affected').map(([name, text]) => `${name}=${text}`);
  return [...others, ...(spared.length === 0 ? [] : [`not affected: ${spared.join(', ')}`])].join('; ');
}

function otherFacts({ cpu, memory, kernel, sysctls, fingerprint }: HostFacts): string {
  return factList([
    ['microcode', cpu.microcode],
    ['SMT', cpu.smt],
    ['mitigations', mitigationText(cpu)],
    ['transparent huge pages', memory.transparentHugepages],
    ['KSM', memory.isKsmRunning],
    ['kernel', { verbatim: kernel.version }],
    ['kernel config sha256', kernel.configSha256],
    ['kernel command line', { verbatim: kernel.commandLine }],
    ['clocksource', kernel.clocksource],
    ['preemption', kernel.preemption],
    ['sysctls', settings(sysctls)],
    ['fingerprint', fingerprint],
  ]);
}

function programTable({ programs }: HostFacts): string[] {
  if (programs.length === 0) return [];
  const rows = programs.map(({ name, version, package: owner, sha256 }) =>
    [name, version, owner ?? 'none', sha256].map(markdownText),
  );
  return [markdownTable(['program', 'version', 'package', 'sha256'], rows)];
}

/** `# Host`: the machine, and folded away what else was recorded of it. */
export function hostSection({ host }: Run): string {
  if (host === null) return ['# Host', 'The note does not say.'].join('\n\n');
  const rest = folded('Settings and programs', [otherFacts(host), ...programTable(host)].join('\n\n'));
  return ['# Host', mainFacts(host), rest].join('\n\n');
}
