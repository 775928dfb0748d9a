import { readCommandLine } from './command/command-line.ts';
import { iperfTalk } from './output/iperf-talk.ts';

const shell = /^(?:bash|sh|shell|console|terminal|text)\s+/i;
const attributes = /^(?:\{|[\w-]+=)/;

/** What somebody wrote behind an opening fence instead of below it: a command, or the first line of an output; null where it is neither. */
export function lineOfFence(info: string): string | null {
  if (!/\s/.test(info)) return null;
  const text = info.replace(shell, '');
  if (attributes.test(text)) return null;
  const { sign } = readCommandLine(text);
  return sign === 'prompt' || sign === 'known' || iperfTalk(text) === 'opening' ? text : null;
}
