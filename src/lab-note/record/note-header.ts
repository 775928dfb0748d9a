import type { RecordedConfiguration, RecordedNic, RecordedWorkload } from '../../record/recorded-experiment.ts';
import { type PlannedTrial, type RunHeader, schemaVersion } from '../../record/run.ts';
import type { ReadNote } from '../read-note.ts';
import type { NoteConfiguration } from './configurations.ts';
import type { LeftOutList } from './left-out.ts';
import type { NoteOrigin } from './note-origin.ts';
import type { NotedMachine } from './noted-machine.ts';
import type { VmmSaid } from './vmm-command.ts';

/** null where the command line of the VMM says nothing of the card. */
function nicOf(said: VmmSaid | null): RecordedNic | null {
  if (said === null || (said.vhost === null && said.queues === null && said.mtu === null)) return null;
  const { mtu, vhost, queues } = said;
  return { mtu, offloads: null, vhost, queues, rxQueueSize: null, txQueueSize: null };
}

/** What a note says of one configuration: its topology, the VMM with what its command line says, what ran, and the machine where a report has it; all else is null. */
export function recordedConfiguration(
  { name, topology, vmm, said, outputs }: NoteConfiguration,
  workloads: RecordedWorkload[],
  machine: NotedMachine | null,
): RecordedConfiguration {
  const accels = new Set(outputs.map(({ threads }) => threads.accel).filter((each) => each !== null));
  const [accel = null] = accels.size === 1 ? accels : [];
  return {
    name,
    factors: {},
    topology,
    pairs: machine?.pairs ?? 1,
    vmm: {
      kind: vmm,
      accel: accel ?? said?.accel ?? null,
      binary: null,
      vcpus: machine?.vcpus ?? said?.vcpus ?? null,
      memoryBytes: machine?.memoryBytes ?? said?.memoryBytes ?? null,
      options: machine?.options ?? (said?.machine ? { machine: said.machine } : {}),
      ...(machine?.server === undefined ? {} : { server: machine.server }),
    },
    guest: machine?.guest ?? null,
    nic: machine?.nic ?? nicOf(said),
    trace: null,
    prepare: null,
    workloads,
    ...(machine?.ceilingOf === undefined ? {} : { ceilingOf: machine.ceilingOf }),
  };
}

/** What the header lists. */
export interface HeaderParts {
  readonly configurations: RecordedConfiguration[];
  readonly plan: PlannedTrial[];
  readonly leftOut: LeftOutList;
}

/** `run.json` of a note. */
export function headerOf(note: ReadNote, { file, sha256, readAt, runId }: NoteOrigin, parts: HeaderParts): RunHeader {
  const { configurations, plan, leftOut } = parts;
  const name = file.replace(/\.[^.]*$/, '');
  const unnamed = { name: 'lab note', topology: null, vmm: null, said: null, outputs: [] };
  const nothing = recordedConfiguration(unnamed, [], null);
  return {
    schemaVersion,
    runId,
    source: {
      kind: 'lab-note',
      file,
      sha256,
      lineCount: note.lineCount,
      notRecorded: note.sections.flatMap(({ notRecorded }) => notRecorded),
      leftOut: leftOut.entries(),
    },
    startedAt: readAt,
    command: [],
    experiment: {
      name: name === '' ? 'lab note' : name,
      description: 'read from a lab note',
      boots: plan.reduce((most, { boot }) => Math.max(most, boot), 1),
      order: null,
      seed: null,
      budgetNs: null,
      settleNs: null,
      warmupNs: null,
      bootTimeoutNs: null,
      timeoutNs: null,
      configurations: configurations.length === 0 ? [nothing] : configurations,
    },
    experimentSource: null,
    plan,
    host: null,
  };
}
