import type { RecordedConfiguration } from '../../record/recorded-experiment.ts';

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

/** Why the fields of a trial of this configuration are null. */
export function notSaid(configuration: RecordedConfiguration): Record<string, string> {
  const { topology, vmm, nic } = configuration;
  const ofNic = Object.entries(nic ?? {}).filter(([field, value]) => value === null && !field.endsWith('QueueSize'));
  const reasons = {
    ...Object.fromEntries(Object.entries(always).filter(([field]) => !isSaid(field, configuration))),
    ...Object.fromEntries(ofNic.map(([field]) => [`configuration.nic.${field}`, silent])),
    ...(topology === null ? { 'configuration.topology': 'no heading and no side of a command says it' } : {}),
    ...(vmm.kind === null
      ? { 'configuration.vmm.kind': 'no heading, no name of a thread and no command line says it' }
      : {}),
    ...(vmm.accel === null ? { 'configuration.vmm.accel': 'no name of a thread and no command line says it' } : {}),
  };
  return topology === 'host-to-host' ? withoutGuest(reasons) : reasons;
}
