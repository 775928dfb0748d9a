import { expect, it } from 'vitest';
import { failureText } from './failure-text.ts';

it('has what failed while a trial was taken down on the same line', () => {
  const message = 'iperf3 ended with 1\nthen, while it was taken down: the namespace is busy';
  expect(failureText({ code: 'TOOL_FAILED', message })).toBe(
    'TOOL_FAILED: iperf3 ended with 1; then, while it was taken down: the namespace is busy',
  );
});
