import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { StartedProcess } from '../lab/process.ts';
import { Channel } from './channel.ts';

/** A guest that says this to each request. */
function channelTo(answer: (request: string) => string): Channel {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const vmm: Pick<StartedProcess, 'ended'> = { ended: new Promise(() => undefined) };
  const channel = new Channel(vmm, { input, output }, () => undefined);
  input.setEncoding('utf8').on('data', (line: string) => output.write(answer(line)));
  output.write('\x1eH 6\n');
  return channel;
}

describe('a guest that becomes another init', () => {
  it('is there again when it says hello anew, and not before', async () => {
    const lines: string[] = [];
    const channel = channelTo((line) => {
      lines.push(line);
      return line.includes(' B ') ? 'Welcome!\n\x1eH 6\n' : `\x1eR 2 0 - 0 0\n\x1e.\n`;
    });
    await channel.hello(1_000);
    await channel.becomeInit('become', 1_000);
    expect(await channel.evaluate('x', 1_000)).toMatchObject({ status: 0 });
    expect(lines).toEqual(['\x1d 1 B become\n', '\x1d 2 F x\n']);
  });

  it('is sent the line again where it lost it', async () => {
    let lost = 1;
    const channel = channelTo(() => (lost-- > 0 ? '\x1eN\n' : '\x1eH 6\n'));
    await channel.hello(1_000);
    await channel.becomeInit('become', 1_000);
    expect(lost).toBe(-1);
  });

  it('that does not start the agent fails at the deadline, with what it said last', async () => {
    const channel = channelTo(() => 'Dependency failed for multi-user.target\n');
    await channel.hello(1_000);
    await expect(channel.becomeInit('become', 50)).rejects.toMatchObject({
      code: 'GUEST_FAILED',
      lines: [
        "the root file system's own init did not start the agent within 50 ms; its console ends with:",
        'Dependency failed for multi-user.target',
      ],
    });
  });

  it('with an agent of another channel is refused', async () => {
    const channel = channelTo(() => '\x1eH 5\n');
    await channel.hello(1_000);
    await expect(channel.becomeInit('become', 1_000)).rejects.toThrow('speaks version 5 of the channel');
  });
});
