import type { ApiRequest } from '../record/counter-source.ts';
import { TapbenchError } from '../record/error.ts';

/** No VMM says more of itself. */
const mostAnswerBytes = 4 * 1024 ** 2;

/**
 * One HTTP request over a Unix socket, on a connection of its own that is closed with the answer.
 * @returns the body of the answer
 * @throws TapbenchError `VMM_FAILED` where nobody listens, the answer is no success, too long or late
 */
export async function unixRequest({ socket, method, path, body }: ApiRequest, deadlineMs: number): Promise<string> {
  const failed = (what: string, cause?: unknown) =>
    new TapbenchError('VMM_FAILED', `${method} ${path} on ${socket}: ${what}`, { cause });
  // Only some VMMs need it, and it takes a tenth of the start-up of those that don't.
  const { request } = await import('node:http');
  return await new Promise((resolve, reject) => {
    const asked = request(
      {
        socketPath: socket,
        method,
        path,
        // The shared agent keeps the connection for the next request, and closes it some seconds later: in the midst of a window.
        agent: false,
        headers: { Accept: 'application/json', ...(body === null ? {} : { 'Content-Type': 'application/json' }) },
      },
      (answer) => {
        const parts: Buffer[] = [];
        let bytes = 0;
        answer.on('data', (part: Buffer) => {
          parts.push(part);
          bytes += part.length;
          if (bytes > mostAnswerBytes) answer.destroy(new Error(`more than ${String(mostAnswerBytes)} bytes`));
        });
        answer.on('error', (cause) => {
          reject(failed(`the answer broke off: ${cause.message}`, cause));
        });
        answer.on('end', () => {
          const text = Buffer.concat(parts).toString('utf8');
          const status = answer.statusCode ?? 0;
          if (status >= 200 && status < 300) resolve(text);
          else reject(failed(`status ${String(status)}: ${text.slice(0, 300)}`));
        });
      },
    );
    // Of all of it: an answer may come a byte at a time.
    const deadline = setTimeout(() => asked.destroy(new Error(`no answer in ${String(deadlineMs)} ms`)), deadlineMs);
    asked.on('close', () => {
      clearTimeout(deadline);
    });
    asked.on('error', (cause) => {
      reject(failed(cause.message, cause));
    });
    if (body !== null) asked.setHeader('Content-Length', Buffer.byteLength(body));
    asked.end(body ?? undefined);
  });
}
