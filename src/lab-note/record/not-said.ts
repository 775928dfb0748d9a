import type { RecordedConfiguration } from '../../record/recorded-experiment.ts';
import { shortText } from './left-out.ts';

const silent = 'the note does not say';
const noClock = 'a lab note has no clock readings';

/** Why fields of a lab note's trial are null, by their paths. */
const always: Readonly<Record<string, string>> = {
  startedAt: noClock,
  endedAt: noClock,
  window: noClock,
  consoleBytes: 'a lab note has no readings of the console',
  vmm: 'the note does not say which binary it was and how it was started',
  guest: silent,
  path: silent,
  preparation: silent,
  phases: noClock,
  toolCpuInWindowsNs: 'tapbench took no part in it',
  toolResidentBytes: 'tapbench took no part in it',
  'configuration.vmm.binary': silent,
  'configuration.vmm.vcpus': silent,
  'configuration.vmm.memoryBytes': silent,
  'configuration.guest': silent,
  'configuration.nic': silent,
  'configuration.trace': 'how each measurement was traced stands in its systemCalls.mode',
  'configuration.prepare': silent,
};

/** Fields that a path between programs of the host has not. */
const ofGuests = /^(?:configuration\.)?(?:vmm|guest|nic)(?:\.|$)/;

function withoutGuest(reasons: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(reasons).map(([field, why]) => [field, ofGuests.test(field) ? 'no guest is on this path' : why]),
  );
}

/** Of these a report of tapbench says what its configuration says. */
function isSaid(field: string, { vmm, guest, nic }: RecordedConfiguration): boolean {
  if (field === 'configuration.vmm.vcpus') return vmm.vcpus !== null;
  if (field === 'configuration.vmm.memoryBytes') return vmm.memoryBytes !== null;
  if (field === 'configuration.guest') return guest !== null;
  return field === 'configuration.nic' && nic !== null;
}

const otherEnds = 'its heading speaks of other ends than a guest and its host';

function topologyReason(otherHeading: string | null): string {
  return otherHeading === null
    ? 'no heading and no side of a command says it'
    : `${otherEnds}: ${shortText(otherHeading)}`;
}

/** The note says who talked to whom, and it is no guest and its host: why the topology is null. null where the note does not say it. */
export function otherEndsOf(reasons: Readonly<Record<string, string>>): string | null {
  const why = reasons['configuration.topology'];
  return why?.startsWith(otherEnds) === true ? why : null;
}

/** Why the fields of a trial of this configuration are null. */
export function notSaid(configuration: RecordedConfiguration, otherHeading: string | null): Record<string, string> {
  const { topology, vmm, nic } = configuration;
  const ofNic = Object.entries(nic ?? {}).filter(([field, value]) => value === null && !field.endsWith('QueueSize'));
  const reasons = {
    ...Object.fromEntries(Object.entries(always).filter(([field]) => !isSaid(field, configuration))),
    ...Object.fromEntries(ofNic.map(([field]) => [`configuration.nic.${field}`, silent])),
    ...(topology === null ? { 'configuration.topology': topologyReason(otherHeading) } : {}),
    ...(vmm.kind === null
      ? { 'configuration.vmm.kind': 'no heading, no name of a thread and no command line says it' }
      : {}),
    ...(vmm.accel === null ? { 'configuration.vmm.accel': 'no name of a thread and no command line says it' } : {}),
  };
  return topology === 'host-to-host' ? withoutGuest(reasons) : reasons;
}
