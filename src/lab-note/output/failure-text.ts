import type { FailureReading, ToolName } from '../reading.ts';
import type { TextLine } from '../text-lines.ts';

/** Lines with which a tool says that it failed. */
const failures: readonly (readonly [name: ToolName['name'], pattern: RegExp])[] = [
  ['iperf3', /^(?:\S{0,100}\/)?iperf3: |^iperf: (?:error - |interrupt - |parameter error - )/],
  [
    'iperf',
    /^(?:tcp |udp )?(?:connect|read|write|bind) failed: |^(?:\S{0,100}\/)?iperf: |^listener bind failed: |^shutdown failed: |^\[\s*\d+\] (?:tcp connect to .* failed|Read UDP fin failed)/,
  ],
  [
    'sockperf',
    /^(?:sockperf: )?ERROR: |^sockperf: (?:No messages were (?:received|sent)|No valid observations found|Test end before test start)/,
  ],
  [
    'sockperf',
    /^sockperf: [Tt]est ends uncompleted|^sockperf: '.*' invalid option|^(?:sockperf: )?\S+ ?: (?:Invalid|unvalid|invalid)/,
  ],
  ['bpftrace', /^(?:\S{1,64}:\d+:\d+-\d+: )?ERROR: |^Lost \d+ events$/],
  ['strace', /^strace: (?!Process \d+ (?:attached|detached))/],
  ['perf', /^(?:perf: |Error: |Failed to open |Couldn't )/],
];
const gate = /failed|ERROR|rror|strace|iperf|sockperf|nvalid|unvalid|Lost|perf: |Failed|Couldn't/;
const longestMessage = 300;
/** bpftrace warns of this with the word ERROR and goes on. */
const harmless = /couldn't set RLIMIT_MEMLOCK/;

export function readFailure({ text, number: line }: TextLine): FailureReading | null {
  if (!gate.test(text)) return null;
  const trimmed = text.trim();
  if (harmless.test(trimmed)) return null;
  for (const [name, pattern] of failures) {
    if (!pattern.test(trimmed)) continue;
    const message = trimmed.slice(0, longestMessage);
    return { kind: 'failure', tool: { name, version: null }, value: { message }, lines: [line] };
  }
  return null;
}
