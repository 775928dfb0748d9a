import { expect, it } from 'vitest';
import { deriveRun, judgedRun } from '../../src/derive/derive.ts';
import { readNote } from '../../src/lab-note/read-note.ts';
import { noteRecord } from '../../src/lab-note/record/note-record.ts';
import type { Run } from '../../src/record/run.ts';
import { markdownReport } from '../../src/report/markdown/markdown.ts';
import { readRun } from '../../src/store/read-run.ts';
import { vmmOfThread } from '../../src/vmm/thread-role.ts';

async function storedAndBack(name: string): Promise<{ stored: Run; back: Run }> {
  const { header, trials, ends } = await readRun(new URL(`../golden/${name}/stored`, import.meta.url).pathname);
  const stored = deriveRun({ header, trials, ends });
  const note = { file: 'report.md', sha256: 'ab'.repeat(32), readAt: '2025-02-01T00:00:00.000Z', runId: 'read-back' };
  const read = noteRecord(readNote(markdownReport(stored)), { ...note, roleOf: vmmOfThread });
  return { stored, back: judgedRun(read) };
}

const measurementsOf = ({ trials }: Run) => trials.flatMap(({ measurements }) => measurements);

it('what a workload shared its window with comes back from the report, and so do the reasons without costs', async () => {
  const { stored, back } = await storedAndBack('under-load');
  const told = (run: Run) =>
    measurementsOf(run).map(({ workload, underLoad, cost }) => ({
      workload,
      underLoad,
      perTrip: cost.vmmCpuNsPerRoundTrip,
    }));
  expect(told(back).toSorted((a, b) => a.workload.localeCompare(b.workload))).toEqual(
    told(stored).toSorted((a, b) => a.workload.localeCompare(b.workload)),
  );
  expect(new Set(told(back).map(({ underLoad }) => underLoad?.join() ?? 'alone'))).toEqual(
    new Set(['alone', 'load', 'loaded']),
  );
});

it('the table over pairs is no figure of its own, and the memory of VMMs comes back', async () => {
  const { stored, back } = await storedAndBack('scale-out');
  const memories = (run: Run) => measurementsOf(run).map(({ vmmMemory }) => vmmMemory?.proportionalBytes ?? 0);
  expect(memories(back).toSorted((a, b) => a - b)).toEqual(memories(stored).toSorted((a, b) => a - b));
  expect(back.source).toMatchObject({ leftOut: [] });
});
