import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/sample/temporary-folder.ts';
import { unixRequest } from './unix-http.ts';

/** Answers every request alike, and leaves it to the client to hang up. */
function answering(answer: string): Server {
  return createServer((socket) => {
    socket.once('data', () => socket.write(answer));
  });
}

const request = { method: 'PUT', path: '/actions', body: '{}' } as const;

describe('a request over a Unix socket', () => {
  it('hangs up as soon as it is answered: a connection left open would wake the VMM inside the window', async () => {
    await using folder = await temporaryFolder();
    const socket = join(folder.path, 'api.sock');
    await using server = answering('HTTP/1.1 204 No Content\r\nConnection: keep-alive\r\n\r\n');
    server.listen(socket);
    const accepted = once(server, 'connection');
    await expect(unixRequest({ ...request, socket }, 2_000)).resolves.toBe('');
    const [connection] = (await accepted) as [Socket];
    if (!connection.destroyed) await once(connection, 'close');
    expect(connection.destroyed).toBe(true);
  }, 2_000);

  it('fails with what was answered where that is no success', async () => {
    await using folder = await temporaryFolder();
    const socket = join(folder.path, 'api.sock');
    await using server = answering('HTTP/1.1 400 Bad Request\r\nContent-Length: 4\r\n\r\nnope');
    server.listen(socket);
    await expect(unixRequest({ ...request, socket }, 2_000)).rejects.toThrow(/status 400: nope/);
  });

  it.each([
    {
      how: 'comes a byte at a time',
      head: 'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n',
      piece: 'x',
      message: /no answer in 300 ms/,
    },
    { how: 'never begins', head: '', piece: '', message: /no answer in 300 ms/ },
    {
      how: 'does not end',
      head: 'HTTP/1.1 200 OK\r\n\r\n',
      piece: 'x'.repeat(1024 ** 2),
      message: /more than 4194304 bytes/,
    },
  ])('fails in time where the answer $how', async ({ head, piece, message }) => {
    await using folder = await temporaryFolder();
    const socket = join(folder.path, 'api.sock');
    await using server = createServer((connection) => {
      connection.on('error', () => undefined);
      connection.write(head);
      const timer = setInterval(() => connection.write(piece), 20);
      connection.once('close', () => {
        clearInterval(timer);
      });
    });
    server.listen(socket);
    const begun = performance.now();
    await expect(unixRequest({ ...request, socket }, 300)).rejects.toThrow(message);
    expect(performance.now() - begun).toBeLessThan(8_000);
  });
});
