import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { judgedRun } from '../../src/derive/derive.ts';
import { readNote } from '../../src/lab-note/read-note.ts';
import { type NoteOrigin, noteRecord } from '../../src/lab-note/record/note-record.ts';
import { type NoteExperiment, noteExperiment } from '../../src/lab-note/reproduce/note-experiment.ts';
import type { Configuration } from '../../src/record/experiment.ts';
import { markdownReport } from '../../src/report/markdown/markdown.ts';
import { labNoteLines } from '../../src/report/note/source-lines.ts';
import { sampleConfiguration } from '../sample/experiment.ts';
import { sampleRunEnd, sampleRunHeader } from '../sample/run.ts';
import { sampleTrial } from '../sample/trial.ts';

const origin: NoteOrigin = {
  file: 'report.md',
  sha256: '0'.repeat(64),
  readAt: '2026-01-01T00:00:00.000Z',
  runId: '20260101T000000Z-note-0000',
  roleOf: () => null,
};

describe('the experiment of a report of tapbench', () => {
  const sample = sampleConfiguration();
  const ofReport = (changes: Partial<Configuration>, vmms = ['qemu']): NoteExperiment => {
    const configuration = { ...sample, ...changes };
    const [shared = []] = configuration.together ?? [];
    const measurements = sampleTrial().measurements.map((one) => ({
      ...one,
      underLoad: shared.includes(one.workload) ? shared.filter((name) => name !== one.workload) : [],
    }));
    const trial = { ...sampleTrial(), configuration, measurements };
    const header = sampleRunHeader();
    const experiment = { ...header.experiment, configurations: [configuration] };
    const run = judgedRun({ header: { ...header, experiment }, trials: [trial], ends: [sampleRunEnd()] });
    const { header: noted, trials } = noteRecord(readNote(markdownReport(run)), origin);
    return noteExperiment(noted.experiment.configurations, trials, { file: origin.file, vmms });
  };
  const vmm = { ...sample.vmm, vcpus: 3, memoryBytes: 768 * 2 ** 20, options: { machine: 'q35', modern: false } };
  const nic = { ...sample.nic, mtu: 9000, queues: 2, offloads: { ...sample.nic.offloads, tso: false } };

  it('has the machine of it again', () => {
    const { yaml, assumed } = ofReport({ vmm, nic, guest: { ...sample.guest, congestionControl: 'bbr' } });
    expect(parse(yaml ?? '')).toMatchObject({
      vmm: { kind: 'qemu', vcpus: 3, memory: '768MiB', options: { machine: 'q35', modern: false } },
      nic: { mtu: 9000, queues: 2, vhost: false, offloads: { csum: true, tso: false, gso: true, mrgRxbuf: true } },
      guest: { congestionControl: 'bbr' },
    });
    expect(assumed).toEqual([]);
  });

  it('has the VMM of the servers as well, and says where there is none such', () => {
    const server = { ...sample.vmm, kind: 'firecracker', options: { pci: true, jailer: false } };
    const changes = { topology: 'vm-to-vm', vmm: { ...vmm, server } } as const;
    const { yaml } = ofReport(changes, ['qemu', 'firecracker']);
    expect(parse(yaml ?? '')).toMatchObject({
      topology: 'vm-to-vm',
      vmm: { kind: 'qemu', server: { kind: 'firecracker', vcpus: 1, memory: '512MiB', options: { pci: true } } },
    });
    const poorer = ofReport(changes);
    expect(parse(poorer.yaml ?? '')).not.toHaveProperty('vmm.server.kind');
    expect(poorer.assumed.join()).toContain("the clients' VMM at the servers' end, as there is no firecracker");
  });

  it('does together what shared a window', () => {
    const [one = '', other = ''] = sample.workloads.map(({ name }) => name);
    const { yaml, pairs, impossible } = ofReport({ together: [[one, other]] });
    const { workloads } = parse(yaml ?? '') as { workloads: { together?: { name: string }[] }[] };
    expect(workloads.map(({ together }) => together?.map(({ name }) => name))).toEqual([[one, other]]);
    expect(pairs.map(({ noted, again }) => [noted, again.workload])).toEqual([
      [one, one],
      [other, other],
    ]);
    expect(impossible).toEqual([]);
  });

  it('boots no file of another machine, and says what it does in place of that', () => {
    const guest = { ...sample.guest, kernel: '/theirs/vmlinux', kernelArguments: 'mitigations=off' };
    const { yaml, assumed } = ofReport({ vmm, guest }, ['firecracker']);
    expect(parse(yaml ?? '')).not.toHaveProperty('guest');
    expect(parse(yaml ?? '')).not.toHaveProperty('vmm.options');
    expect(assumed.join('\n')).toMatch(
      /firecracker, as[^]*options that firecracker has by default[^]*\/theirs\/vmlinux[^]*"mitigations=off"/,
    );
  });

  it('takes no name of an option that would reach beyond the machine', () => {
    const options = { ['__proto__.polluted']: true, 'a.b': 1, machine: 'q35' };
    const { yaml } = ofReport({ vmm: { ...vmm, options } });
    expect(parse(yaml ?? '')).toHaveProperty('vmm.options', { machine: 'q35' });
    expect({}).not.toHaveProperty('polluted');
  });
});

describe('what a report says of a note', () => {
  const report = markdownReport(
    judgedRun({ header: sampleRunHeader(), trials: [sampleTrial()], ends: [sampleRunEnd()] }),
  );
  const byHand =
    '# VM as client\n\n```\niperf3 -c 10.0.0.1 -t 30\n[SUM]   0.00-30.00  sec  57.2 GBytes  16.4 Gbits/sec\n```\n';
  const firstLine = (note: string): string | undefined =>
    labNoteLines(judgedRun(noteRecord(readNote(note), origin)))[0];

  it('names a report of tapbench as one, also where a person has added to it', () => {
    expect(firstLine(report)).toMatch(/: read from a report of tapbench$/);
    expect(firstLine(byHand)).toMatch(/: written by a person, not measured by tapbench$/);
    expect(firstLine(`${report}\n${byHand}`)).toMatch(
      /: 2 of 3 measurements from a report of tapbench, the others written by a person$/,
    );
  });
});
