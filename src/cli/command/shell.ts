import { connect } from 'node:net';
import { z } from 'zod';
import { loadExperiment } from '../../experiment/file/experiment-file.ts';
import { TapbenchError } from '../../record/error.ts';
import { openShell } from '../../run/shell.ts';
import { interrupts } from '../interrupts.ts';
import { readOptions } from '../options.ts';
import { complain } from '../output.ts';
import { plainProgress } from '../progress/plain.ts';

const schema = z.object({ set: z.array(z.string()), to: z.string().optional() });

/** Typed at the end of a pipe. Not Ctrl-D, which is lost where it comes while a command runs; as a line too many it hurts nobody. */
const endOfInput = 'exit\n';

/** Hands the terminal over, key by key, and the end of a pipe as `exit`; gives back how to end that. */
function rawInput(onText: (text: string) => void): Disposable {
  const { stdin } = process;
  let isAtLineStart = true;
  const onData = (text: string): void => {
    isAtLineStart = text.endsWith('\n');
    onText(text);
  };
  const onEnd = (): void => {
    onText(isAtLineStart ? endOfInput : `\n${endOfInput}`);
  };
  if (stdin.isTTY) stdin.setRawMode(true);
  // Nobody sees what is typed any more.
  process.stdout.once('error', onEnd);
  stdin.setEncoding('utf8');
  stdin.on('data', onData);
  stdin.once('end', onEnd);
  stdin.resume();
  return {
    [Symbol.dispose]: () => {
      stdin.off('data', onData);
      stdin.off('end', onEnd);
      process.stdout.off('error', onEnd);
      if (stdin.isTTY) stdin.setRawMode(false);
      stdin.pause();
    },
  };
}

async function shellAt(path: string): Promise<void> {
  const socket = connect(path);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', (cause) => {
      reject(
        new TapbenchError('USAGE', `nobody offers a guest's console at ${path}`, {
          cause,
          hint: 'tapbench run --keep says the path while it holds a VM',
        }),
      );
    });
  });
  using _input = rawInput((text) => socket.write(text));
  socket.on('data', (chunk) => process.stdout.write(chunk));
  await new Promise<void>((resolve) =>
    socket.once('close', () => {
      resolve();
    }),
  );
}

/** `tapbench shell` */
export async function shellCommand(experiment: string | null, given: object): Promise<void> {
  const options = readOptions(schema, given);
  if (options.to !== undefined) {
    await shellAt(options.to);
    return;
  }
  const loaded = await loadExperiment({ nameOrPath: experiment, overrides: options.set });
  using interrupted = interrupts();
  await openShell(
    { experiment: loaded.experiment, onProgress: plainProgress(complain), signal: interrupted.signal },
    async (channel) => {
      complain('a shell in the guest; leave it with exit or Ctrl-D');
      using _input = rawInput((text) => {
        channel.type(text);
      });
      await channel.interact((text) => process.stdout.write(text));
    },
  );
}
