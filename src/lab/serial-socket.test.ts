import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/sample/temporary-folder.ts';
import { SerialSocket } from './serial-socket.ts';

/** Answers in capitals. */
function shouter(): Server {
  return createServer((socket) => {
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => socket.write(text.toUpperCase()));
  });
}

describe('a serial line on a socket', () => {
  it('is taken up once somebody listens, with what was written before', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'console.sock');
    using line = new SerialSocket(path, { hasEnded: false });
    line.input.write('early');
    line.output.setEncoding('utf8');
    await using server = shouter();
    server.listen(path);
    expect(await once(line.output, 'data')).toEqual(['EARLY']);
    line.input.write(' and late');
    expect(await once(line.output, 'data')).toEqual([' AND LATE']);
    // The server's end waits for its connections.
    line[Symbol.dispose]();
  });

  it('is hung up when it is disposed of', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'console.sock');
    await using server = createServer();
    server.listen(path);
    const accepted = once(server, 'connection');
    const line = new SerialSocket(path, { hasEnded: false });
    const [socket] = (await accepted) as [Socket];
    socket.resume();
    const closed = once(socket, 'close');
    line[Symbol.dispose]();
    await expect(closed).resolves.toEqual([false]);
  });
});
