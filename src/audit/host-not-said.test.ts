import { describe, expect, it } from 'vitest';
import { sampleContext } from '../../test/sample/audit-context.ts';
import { sampleNotedMeasurement, sampleNotedTrial, sampleNoteHeader } from '../../test/sample/lab-note-run.ts';
import { hostNotSaid } from './host-not-said.ts';

const { source } = sampleNoteHeader();

function messages(notSaid: Record<string, string>): string[] {
  const trial = sampleNotedTrial({ notSaid });
  const context = sampleContext(sampleNotedMeasurement(), { source, trial, host: null });
  return hostNotSaid.judge(context).map((finding) => finding.message);
}

describe('host-not-said', () => {
  it('lists what a lab note does not say, its host among it', () => {
    expect(messages({ 'vmm.version': 'x', 'guest.kernelRelease': 'x' })).toEqual([
      'the note does not say: host, vmm.version, guest.kernelRelease',
    ]);
    expect(messages({ 'host.cpu': 'x' })).toEqual(['the note does not say: host.cpu']);
  });

  it('leaves out what no reader asks for, and names once what was chosen and what was found', () => {
    const said = { window: 'x', phases: 'x', guest: 'x', 'configuration.guest': 'x', 'configuration.vmm.vcpus': 'x' };
    expect(messages(said)).toEqual(['the note does not say: host, guest, vmm.vcpus']);
  });

  it('asks for no VMM where there is no guest on the path', () => {
    const trial = sampleNotedTrial({ notSaid: { 'configuration.vmm.kind': 'x', guest: 'x', 'host.cpu': 'x' } });
    const bare = { ...trial, configuration: { ...trial.configuration, topology: 'host-to-host' as const } };
    const context = sampleContext(sampleNotedMeasurement(), { source, trial: bare, host: null });
    expect(hostNotSaid.judge(context).map(({ message }) => message)).toEqual(['the note does not say: host.cpu']);
  });

  it('counts what would make the list too long', () => {
    const many = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`host.${String(index)}`, 'x']));
    expect(messages(many)[0]).toMatch(/host\.11 and 8 more$/);
  });

  it('is silent on what tapbench measured', () => {
    const trial = sampleNotedTrial();
    expect(hostNotSaid.judge(sampleContext(sampleNotedMeasurement(), { trial }))).toEqual([]);
  });
});
