/**
 * Notes made to take a reader's time, by what they are made of; each is of about as many bytes as asked. The first ones are long texts of one thing, the
 * others repeat what opens blocks, calls and outputs.
 */
export const hostileNotes: Readonly<Record<string, (bytes: number) => string>> = {
  'a line of backslashes': (bytes) => '\\'.repeat(bytes),
  'a line of brackets': (bytes) => '['.repeat(bytes),
  'a line of backticks of all lengths': (bytes) =>
    Array.from({ length: bytes / 150 }, (_, place) => '`'.repeat((place % 300) + 1)).join(' '),
  'a line of dashes': (bytes) => '- '.repeat(bytes / 2),
  'a heading of brackets': (bytes) => `# ${'['.repeat(bytes)}`,
  'a heading of emphasis': (bytes) => `# ${'*a_ '.repeat(bytes / 4)}`,
  'a heading of topology words': (bytes) => `# ${'vm to the '.repeat(bytes / 10)}`,
  'quotes in quotes': (bytes) => '> '.repeat(bytes / 2),
  'lines of deep quotes': (bytes) => `${'> '.repeat(50)}a\n`.repeat(bytes / 102),
  'a deep quote that goes on lazily': (bytes) => `${'> '.repeat(50)}\n${'b\n'.repeat(bytes / 2)}`,
  'lists in lists': (bytes) => `${'- '.repeat(bytes / 20)}\n${'\n'.repeat(bytes * 0.9)}`,
  'list items': (bytes) => '- a\n  - b\n'.repeat(bytes / 10),
  'link definitions': (bytes) => '[a]: b\n'.repeat(bytes / 7),
  headings: (bytes) => '# a\n## b\n'.repeat(bytes / 9),
  'headings of all depths': (bytes) =>
    Array.from({ length: bytes / 8 }, (_, place) => `${'#'.repeat((place % 6) + 1)} a${String(place)}\n`).join(''),
  fences: (bytes) => '```\n'.repeat(bytes / 4),
  'closed fences': (bytes) => '```\na\n```\n'.repeat(bytes / 10),
  'openings of HTML': (bytes) => '<pre>\n<a\n<!--\n'.repeat(bytes / 14),
  'carriage returns': (bytes) => '\r'.repeat(bytes),
  'blank lines': (bytes) => `a${'\n'.repeat(bytes)}b`,
  'unfenced outputs': (bytes) =>
    `iperf3 -c 10.0.0.2\n[  5]   0.00-10.00  sec  10.0 GBytes  8.59 Gbits/sec    0             sender\n\n`.repeat(
      bytes / 96,
    ),
  'unfenced outputs without commands': (bytes) =>
    `[  5]   0.00-10.00  sec  10.0 GBytes  8.59 Gbits/sec    0             sender\n[  5]   0.00-10.00  sec  10.0 GBytes  8.59 Gbits/sec                  receiver\n\n`.repeat(
      bytes / 152,
    ),
  'unfenced latencies': (bytes) => `sockperf: Summary: Latency is 49.200 usec\n\n`.repeat(bytes / 43),
  'outputs in fences': (bytes) =>
    '```\n[  5]   0.00-10.00  sec  10.0 GBytes  8.59 Gbits/sec    0             sender\n```\n'.repeat(bytes / 86),
  'outputs below headings': (bytes) =>
    '# a\n```\n[  5]   0.00-10.00  sec  10.0 GBytes  8.59 Gbits/sec    0             sender\n```\n'.repeat(bytes / 90),
  'servers and clients': (bytes) =>
    '```\nServer listening on 5201\n[  5]   0.00-10.00  sec  10.0 GBytes  8.59 Gbits/sec                  receiver\n```\n'.repeat(
      bytes / 105,
    ),
  'maps below outputs': (bytes) => '```\nsockperf: Summary: Latency is 49.200 usec\n@a[b]: 1\n```\n'.repeat(bytes / 61),
  calls: (bytes) => `\`\`\`bash\n${'iperf3 -c a\n'.repeat(bytes / 12)}\`\`\`\n`,
  'calls in running text': (bytes) => 'Run `iperf3 -c a` now.\n'.repeat(bytes / 23),
  'calls of different prompts': (bytes) =>
    `\`\`\`\n${Array.from({ length: bytes / 40 }, (_, place) => `user@host${String(place)}:~$ iperf3 -c a\nx${String(place)} b\n`).join('')}\`\`\`\n`,
  'a line of calls': (bytes) => `\`\`\`\n${'iperf3 -c '.repeat(bytes / 10)}\n\`\`\`\n`,
  'sides without commands': (bytes) => `\`\`\`bash\n${'# host\nls -l\n'.repeat(bytes / 13)}\`\`\`\n`,
  'lines carried on': (bytes) => `\`\`\`bash\n${'iperf3 -c a \\\n'.repeat(bytes / 14)}\`\`\`\n`,
  'quotes of the shell': (bytes) => `\`\`\`bash\n${`bash -c "bash -c 'iperf3 -c a\n`.repeat(bytes / 30)}\`\`\`\n`,
  'JSON in JSON': (bytes) => `\`\`\`\n${'{"a":\n'.repeat(bytes / 6)}\`\`\`\n`,
  'broken JSON': (bytes) => `\`\`\`\n{\n${'"a": {"b": 1},\n{\n'.repeat(bytes / 18)}\`\`\`\n`,
  'JSON of iperf3 that breaks off': (bytes) =>
    `\`\`\`\n${'{"start": {}, "intervals": [],\n'.repeat(bytes / 31)}\`\`\`\n`,
  'brackets in a fence': (bytes) => `\`\`\`\n${'['.repeat(bytes)}\n\`\`\`\n`,
  'braces in a fence': (bytes) => `\`\`\`\n${'{'.repeat(bytes)}\n\`\`\`\n`,
  'a long string of JSON': (bytes) => `\`\`\`\n{"start": "${'\\"'.repeat(bytes / 2)}"}\n\`\`\`\n`,
  'keys of a map': (bytes) => `\`\`\`\n@a[${'b, '.repeat(bytes / 3)}]: 1\n\`\`\`\n`,
  'intervals of many streams': (bytes) =>
    `\`\`\`\n${Array.from({ length: bytes / 60 }, (_, place) => `[${String(place)}]   0.00-1.00  sec  10.0 GBytes  8.59 Gbits/sec\n`).join('')}\`\`\`\n`,
  'rules of tables': (bytes) => `\`\`\`\n${'- - - - - - -\n'.repeat(bytes / 14)}\`\`\`\n`,
  'colour codes': (bytes) => `\`\`\`\n${'\u001b[0m'.repeat(bytes / 4)}\n\`\`\`\n`,
  'tables of running text': (bytes) => '| 1 Gbit/s | a |\n'.repeat(bytes / 17),
  'exact lines': (bytes) => 'Exact: `a=1`\n'.repeat(bytes / 13),
  failures: (bytes) => `\`\`\`\n${'iperf3: error - unable to connect\n'.repeat(bytes / 34)}\`\`\`\n`,
};
