import type { Failure } from '../../record/trial.ts';

/** Code and reason of a failure on one line: the lines after the first, of what failed later, are parted from it by semicolons. */
export function failureText({ code, message }: Pick<Failure, 'code' | 'message'>): string {
  return `${code}: ${message.split('\n').join('; ')}`;
}
