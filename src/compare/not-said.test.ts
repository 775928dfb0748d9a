import { describe, expect, it } from 'vitest';
import { sampleComparedRun, sampleSide } from '../../test/sample/compared-run.ts';
import { sampleConfiguration, samplePrepareSpec } from '../../test/sample/experiment.ts';
import {
  sampleNotedConfiguration,
  sampleNotedTrial,
  sampleNoteEnd,
  sampleNoteHeader,
} from '../../test/sample/lab-note-run.ts';
import { notedBulk, notedPingPong } from '../../test/sample/vm-client-note.ts';
import { judgedRun } from '../derive/derive.ts';
import type { Difference } from '../record/comparison.ts';
import type { Pin, WholeTrial } from '../record/trial.ts';
import { differencesOf } from './differences.ts';
import { notSaid } from './not-said.ts';
import { type Side, sideOf } from './side.ts';

function note(runId: string): Side {
  const measurements = [notedBulk(), notedPingPong()];
  const configuration = sampleNotedConfiguration({ workloads: measurements.map((one) => one.spec) });
  const header = sampleNoteHeader({ runId });
  const experiment = { ...header.experiment, configurations: [configuration] };
  const trials = [sampleNotedTrial({ runId, configuration, measurements })];
  return sideOf(
    judgedRun({ header: { ...header, experiment }, trials, ends: [sampleNoteEnd()] }),
    'vm-as-client',
    runId,
  );
}

function pinned(trial: WholeTrial): WholeTrial {
  const pin: Pin = { role: 'vcpu', name: 'CPU 0', cpus: [2], status: 'pinned', reason: null };
  return { ...trial, preparation: { settings: [], pins: [pin] } };
}

function measured(): Side {
  const configuration = sampleConfiguration({ prepare: samplePrepareSpec({ pin: 'auto' }) });
  const run = sampleComparedRun([sampleSide('qemu', { configuration, boot: pinned })]);
  return sideOf(run, 'qemu', 'here');
}

function byKind(differences: readonly Difference[], kind: Difference['kind']): string[] {
  return differences.filter((one) => one.kind === kind).map(({ path }) => path);
}

describe('what differs from a lab note', () => {
  const differences = differencesOf(note('note'), measured());

  it('is unfair only where both sides say it: which calls were looked for', () => {
    expect(byKind(differences, 'unfair')).toEqual(['tracing.iperf3.calls', 'tracing.sockperf.calls']);
    expect(byKind(differences, 'asked')).toEqual(['vmm.kind']);
  });

  it('is unknown where the note does not say it, in one line a kind', () => {
    const unknown = differences.filter((one) => one.baseline === notSaid).map(({ path }) => path);
    expect(unknown).toEqual(expect.arrayContaining(['nic', 'path', 'guest', 'host', 'vmm.vcpus', 'prepare.pin']));
    expect(unknown.filter((path) => path.startsWith('host'))).toEqual(['host']);
    expect(differences.filter((one) => one.candidate === notSaid)).toEqual([]);
  });

  it('names the file for the time, which nobody knows', () => {
    expect(differences.find(({ path }) => path === 'run.startedAt')?.baseline).toBe('lab note vm-client.md');
  });

  it('leaves the path of two notes unknown, not the same', () => {
    const ofNotes = differencesOf(note('one'), note('two'));
    expect(byKind(ofNotes, 'unfair')).toEqual([]);
    expect(ofNotes).toContainEqual(expect.objectContaining({ path: 'path', baseline: notSaid, candidate: notSaid }));
  });
});
