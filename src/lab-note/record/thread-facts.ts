import type { RecordedConfiguration } from '../../record/recorded-experiment.ts';
import type { RoleOf } from './calls-reading.ts';
import type { NoteOutput } from './note-output.ts';

/** What the names of the traced threads say of the VMM. */
export interface ThreadFacts {
  /** null where no name says it, or names speak for several. */
  readonly vmm: string | null;
  readonly accel: RecordedConfiguration['vmm']['accel'];
}

/** Names are told in notes once or a few times, keys of maps may be many. */
const mostNames = 1000;

function threadNames({ calls, sharedCalls }: NoteOutput): Set<string> {
  const names = new Set<string>();
  const add = (name: string | null): void => {
    if (name !== null && names.size < mostNames) names.add(name);
  };
  for (const reading of [...calls.map((each) => each.reading), ...sharedCalls]) {
    if (reading.kind === 'thread-tables') for (const { name } of reading.value.threads) add(name);
    if (reading.kind !== 'bpf-maps') continue;
    for (const { maps } of reading.value.prints)
      for (const { entries } of maps) for (const { key } of entries) for (const part of key) add(part);
  }
  return names;
}

/** What the traced threads beside an output say of the VMM. */
export function threadFacts(output: NoteOutput, roleOf: RoleOf): ThreadFacts {
  const names = [...threadNames(output)];
  const vmms = new Set(names.map((name) => roleOf(name)?.vmm).filter((each) => each !== undefined));
  const accels = new Set(
    names.map((name) => /^CPU \d{1,4}\/(KVM|TCG)$/.exec(name)?.[1]).filter((each) => each !== undefined),
  );
  const [vmm = null] = vmms.size === 1 ? vmms : [];
  const [accel = null] = accels.size === 1 ? accels : [];
  return { vmm, accel: accel === null ? null : accel === 'KVM' ? 'kvm' : 'tcg' };
}
