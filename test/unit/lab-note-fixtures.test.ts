import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { judgedRun } from '../../src/derive/derive.ts';
import { readNote } from '../../src/lab-note/read-note.ts';
import { noteRecord } from '../../src/lab-note/record/note-record.ts';
import { vmmOfThread } from '../../src/vmm/thread-role.ts';

const folder = join(import.meta.dirname, '../fixtures/lab-note');
const outputs = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((each) => each.isFile() && each.parentPath !== folder && !each.parentPath.endsWith('note'))
  .map((each) => join(each.parentPath, each.name));

function voidFindings(path: string): string[] {
  const text = `# VM as client\n\`\`\`\n${readFileSync(path, 'utf8')}\n\`\`\`\n`;
  const origin = { file: 'note.md', sha256: '00', readAt: '2026-01-01T00:00:00.000Z', runId: 'note' };
  const { trials } = judgedRun(noteRecord(readNote(text), { ...origin, roleOf: vmmOfThread }));
  return trials.flatMap(({ measurements }) =>
    measurements.flatMap(({ findings }) =>
      findings.filter(({ level }) => level === 'void').map(({ audit }) => `${path.slice(folder.length + 1)}: ${audit}`),
    ),
  );
}

describe('a note with what a real tool printed, as it stands', () => {
  it('has figures, of which no audit voids one', () => {
    expect(outputs.length).toBeGreaterThan(500);
    expect(outputs.flatMap(voidFindings)).toEqual([]);
  });
});
