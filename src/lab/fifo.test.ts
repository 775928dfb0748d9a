import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/sample/temporary-folder.ts';
import { Fifo } from './fifo.ts';
import { start } from './process.ts';

describe('a fifo', () => {
  it('is the stdin of a process, line by line, and does not end between lines', async () => {
    await using folder = await temporaryFolder();
    using fifo = await Fifo.create(join(folder.path, 'in'));
    await using child = await start(['sh', '-c', 'read -r a; echo "$a"; read -r b; echo "$b"'], {
      stdin: fifo.readEnd,
      stdout: 'pipe',
    });
    fifo.handOver();
    let said = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said === 'first\n') fifo.input.write('second\n');
    });
    fifo.input.write('first\n');
    expect((await child.ended).exitStatus).toBe(0);
    expect(said).toBe('first\nsecond\n');
  });

  it('throws nothing where the process has ended before it is written to', async () => {
    await using folder = await temporaryFolder();
    using fifo = await Fifo.create(join(folder.path, 'in'));
    const child = await start(['true'], { stdin: fifo.readEnd });
    fifo.handOver();
    await child.ended;
    fifo.input.write('nobody reads this\n');
    await new Promise((resolve) => fifo.input.once('close', resolve));
    expect(fifo.input.errored).toMatchObject({ code: 'EPIPE' });
  });
});
