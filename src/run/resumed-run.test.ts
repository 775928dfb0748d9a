import { describe, expect, it } from 'vitest';
import { sampleNoteHeader } from '../../test/sample/lab-note-run.ts';
import { sampleRunHeader } from '../../test/sample/run.ts';
import { resumedRun } from './resumed-run.ts';

describe('a run that is to go on', () => {
  it('has the experiment, its source and the host of its header', () => {
    const { experiment, experimentSource: source, host } = sampleRunHeader();
    expect(resumedRun(sampleRunHeader())).toEqual({ experiment, source, host });
  });

  it('is no lab note', () => {
    expect(() => resumedRun(sampleNoteHeader())).toThrow(
      expect.objectContaining({ code: 'RESUME_REFUSED', message: expect.stringContaining('vm-client.md') as unknown }),
    );
  });

  it.each([
    ['host', { host: null }],
    ['source of its experiment', { experimentSource: null }],
    ['experiment', { experiment: sampleNoteHeader().experiment }],
  ])('has its %s', (_what, changes) => {
    expect(() => resumedRun({ ...sampleRunHeader(), ...changes })).toThrow(
      expect.objectContaining({ code: 'RESUME_REFUSED' }),
    );
  });
});
