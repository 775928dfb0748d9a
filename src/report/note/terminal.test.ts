import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readNote } from '../../lab-note/read-note.ts';
import { noteReport } from './terminal.ts';

const look = { columns: 100, isColor: false };

describe('the report of a lab note', () => {
  it('has the figures of the note, its commands by side, and what it counts', () => {
    const text = readFileSync(join(import.meta.dirname, '../../../test/fixtures/lab-note/note/vm-client.md'), 'utf8');
    const report = noteReport(readNote(text), look);
    expect(report).toContain('guest  iperf3 -c 192.168.100.1 -t 30 -P 4');
    expect(report).toMatch(/sum receiver\s+16\.4 Gbit\/s/);
    expect(report).toMatch(/half round trip, 198,352\s+messages; mean 74\.4 us/);
    expect(report).toContain('@total[firecracker, write] 402,018');
    expect(report).toContain('4 outputs, 6 commands, 0 empty blocks, 0 lines not understood');
  });

  it('shows hostile text as text, and says how much it left out', () => {
    const strange = '\u001b[2J<script>alert(1)</script>';
    const note = `# ${strange}\n\n\`\`\`\n${`${strange}\n`.repeat(100)}\`\`\`\n\n\`\`\`\n\`\`\`\n`;
    const report = noteReport(readNote(note), look);
    expect(report).not.toContain('\u001b');
    expect(report).toContain('... and 60 more');
    expect(report).toContain('not recorded: the block on line 106 is empty');
  });
});
