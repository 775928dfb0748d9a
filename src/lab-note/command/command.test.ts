import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBlock } from '../read-block.ts';
import { readNote } from '../read-note.ts';
import { readShellLine } from './shell-words.ts';
import { readSide } from './side.ts';

function commandsOf(text: string, language: string | null = null) {
  return readBlock({ kind: 'fenced', language, text }).commands;
}

describe('readShellLine', () => {
  it.each([
    [`a 'b c' "d \\"e\\"" f\\ g`, ['a', 'b c', 'd "e"', 'f g']],
    ['a --x=\'1 2\' "" b#c', ['a', '--x=1 2', '', 'b#c']],
    ['a >out 2>&1 b 2> err c <in', ['a', 'b', 'c']],
    ['a $HOME/*.txt', ['a', '$HOME/*.txt']],
    [`a 'not closed`, ['a', `'not`, 'closed']],
    [`a b'`, ['a', 'b']],
  ])('splits %s', (text, words) => {
    expect(readShellLine(text).commands[0]?.words).toEqual(words);
  });

  it('gives back the words that were quoted', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 5 }), (words) => {
        const line = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
        expect(readShellLine(line).commands[0]?.words).toEqual(words);
      }),
    );
  });
});

describe('readSide', () => {
  it.each([
    ['host', 'host', null, null],
    ['on the VM:', 'guest', null, null],
    ['guest 2', 'guest', null, 2],
    ['server (host)', 'host', 'server', null],
    ['client', null, 'client', null],
    ['node 0', null, null, 0],
    ['vm1', 'guest', null, 1],
  ])('reads %s', (text, ...side) => {
    const [place, role, number] = side;
    expect(readSide(text)).toEqual({ place, role, number, text });
  });

  it('reads no side from a sentence', () => {
    expect(readSide('start the thing first and then wait until the host has settled')).toBeNull();
    expect(readSide('whose')).toBeNull();
  });
});

/** What a line of a block, and of running text, calls. */
function called(line: string): string[] {
  const texts = [`\`\`\`\n${line}\n\`\`\`\n`, `Text.\n\n${line}\n\nText.\n`];
  return texts.map((text) =>
    readNote(text)
      .sections.flatMap(({ commands }) => commands)
      .map(({ argv, isMentioned }) => (isMentioned ? 'mentions ' : '') + argv.join(' '))
      .join('; '),
  );
}

describe('a call of a program that notes are about', () => {
  const call = 'iperf3 -c 10.0.0.2 -t 10';

  it.each([
    'me:~/src ((abc123...))$ ',
    '➜  ~ ',
    '➜  bench git:(main) ✗ ',
    'localhost:~# ',
    'me@mac ~ % ',
    'PS C:\\Users\\me> ',
    'PS C:\\Users\\me> .\\',
    'C:\\tools>',
    '(venv) me@h:~$ ',
    '[root@node1 ~]# ',
    'bash-5.1# ',
    '/ # ',
    '❯ ',
    'λ ',
    '└─$ ',
    '[14:03:22] user@host $ ',
    'VM1> ',
    'client: ',
    '[vm] ',
    'sudo ip netns exec hb ',
    'kubectl exec -it pod-1 -- ',
    '$ docker run --rm --network host networkstatic/',
    'docker exec client ',
    'ssh -p 2222 root@vm ',
    'lxc exec vm1 -- ',
    'timeout 60 chrt -f 50 nice -n -5 taskset 0x3 ',
    'numactl --cpunodebind=0 ',
    'LD_PRELOAD=lib.so LANG=C time ',
    './',
  ])('is found behind %j', (before) => {
    const [code, text] = called(`${before}${call}`);
    expect(code?.replace(/^(?:\.\/|networkstatic\/)/, '')).toBe(call);
    expect(text).toBe(code);
  });

  it.each([
    [`bash -c "cd /tmp && ${call}"`, call],
    [`ssh vm1 'sudo ${call} > log'`, call],
    [`sudo -E bash -c '${call} &'`, call],
    ['iperf3 \u2013c 10.0.0.2 \u2013t 10', call],
    ['iperf3 -c 10.0.0.2 \u2014bidir', 'iperf3 -c 10.0.0.2 --bidir'],
  ])('is found inside of %s', (line, expected) => {
    expect(called(line)).toEqual([expected, expected]);
  });

  it('is only mentioned where words of a sentence stand around it', () => {
    expect(called('Then on the client run `iperf3 -c 10.0.0.2` and wait')).toEqual([
      'mentions iperf3 -c 10.0.0.2',
      'mentions iperf3 -c 10.0.0.2',
    ]);
    expect(called('iperf3 -c 10.0.0.2 is the client')).toEqual([
      'mentions iperf3 -c 10.0.0.2',
      'mentions iperf3 -c 10.0.0.2',
    ]);
  });

  it.each([
    'pgrep iperf3 -a',
    'iperf3: error - unable to connect',
    'Try iperf3 --help for more.',
    'qemu-system-x86 (12), 20 events, 1.0%',
  ])('is none in %s', (line) => {
    expect(called(line)).toEqual(['', '']);
  });
});

describe('the commands of a block', () => {
  it('are told from the output below them by their prompt', () => {
    const text =
      'root@vm:~# iperf3 -c 10.0.0.1 | tee log\n[  5]   0.00-10.00  sec  14.4 GBytes  12.4 Gbits/sec    0             sender\n\niperf Done.';
    const { commands, readings, notUnderstood } = readBlock({ kind: 'fenced', language: null, text });
    expect(commands.map(({ argv, side, line }) => [argv.join(' '), side?.place, line])).toEqual([
      ['iperf3 -c 10.0.0.1', 'guest', 1],
    ]);
    expect(readings.map(({ kind, lines }) => [kind, ...lines])).toEqual([['transfer', 2, 4]]);
    expect(notUnderstood).toEqual([]);
  });

  it('have wrappers and variables apart from the program', () => {
    const [command] = commandsOf(
      'LANG=C sudo -u me ip netns exec a taskset -c 1,2 timeout 5s ./iperf3 -s -D >/dev/null &',
    );
    expect(command?.argv).toEqual(['./iperf3', '-s', '-D']);
    expect(command?.program).toBe('iperf3');
    expect(command?.wrappers.map((each) => each[0])).toEqual(['sudo', 'ip', 'taskset', 'timeout']);
    expect(command?.environment).toEqual([{ name: 'LANG', value: 'C' }]);
    expect(command?.isBackground).toBe(true);
  });

  it('go on after a backslash, and take their side from the nearest comment above or behind them', () => {
    const commands = commandsOf(
      '# node 0\n# iperf3 -s\n# client\niperf3 -c a \\\n  -t 30\nsockperf server  # vm 2',
      null,
    );
    expect(commands.map(({ argv, side, line, lastLine }) => [argv.join(' '), side?.text, line, lastLine])).toEqual([
      ['iperf3 -s', 'node 0', 2, 2],
      ['iperf3 -c a -t 30', 'client', 4, 5],
      ['sockperf server', 'vm 2', 6, 6],
    ]);
  });

  it('stand behind a prompt in brackets, too', () => {
    const sides = commandsOf('[host]$ iperf3 -s\n(vm 1) # iperf3 -c a\n[ ID] Interval\n[note] # of 5').map(
      ({ argv, side }) => [argv.join(' '), side?.place],
    );
    expect(sides).toEqual([
      ['iperf3 -s', 'host'],
      ['iperf3 -c a', 'guest'],
    ]);
  });

  it('run at the other end of an ssh', () => {
    const [command, login] = commandsOf(
      '# host\nssh -p 2222 -o User=x root@vm "taskset -c 1 iperf3 -c a -R" &\nssh root@10.0.0.2',
      'sh',
    );
    expect([command?.argv.join(' '), command?.side?.place, command?.isBackground]).toEqual([
      'iperf3 -c a -R',
      'guest',
      true,
    ]);
    expect(login?.program).toBe('ssh');
    expect(commandsOf('# host\nssh 10.0.0.2 iperf3 -c a')[0]?.side).toMatchObject({ place: null, text: '10.0.0.2' });
  });

  it('are those inside of a loop, not the words of the shell around them', () => {
    const loop = '# host\nfor i in 1 2 3; do iperf3 -c a -t 10; done';
    expect(commandsOf(loop, 'bash').map(({ program }) => program)).toEqual(['iperf3']);
    expect(commandsOf(loop).map(({ argv }) => argv.join(' '))).toEqual(['iperf3 -c a -t 10']);
    const { commands, notUnderstood } = readBlock({
      kind: 'fenced',
      language: 'sh',
      text: 'for i in 1 2\ndo\n  sockperf pp -i a\ndone',
    });
    expect(commands.map(({ program }) => program)).toEqual(['sockperf']);
    expect(notUnderstood).toEqual([]);
  });

  it('lose their side behind a comment of one word that names another, which is not known', () => {
    const commands = commandsOf('# host\niperf3 -s\n# laptop\niperf3 -c a\n# vm\niperf3 -c b');
    expect(commands.map(({ side }) => side?.place ?? null)).toEqual(['host', null, 'guest']);
    const described = commandsOf('# host\n# tracing\n./bpftrace.sh\n# then wait:\niperf3 -s');
    expect(described.map(({ side }) => side?.place)).toEqual(['host', 'host']);
  });

  it('are not the heading of the table of strace, which begins like a prompt', () => {
    const text =
      '$ strace -c ls\n% time     seconds  usecs/call     calls    errors syscall\n------ ----------- ----------- --------- --------- ----------------\n100.00    0.000018           3         6           write\n------ ----------- ----------- --------- --------- ----------------\n100.00    0.000018           3         6           total';
    const { commands, readings, notUnderstood } = readBlock({ kind: 'fenced', language: null, text });
    expect(commands.map(({ program }) => program)).toEqual(['strace']);
    expect(readings.map(({ kind }) => kind)).toEqual(['call-table']);
    expect(notUnderstood).toEqual([]);
  });

  it('are any words in a block of shell, and only known programs elsewhere', () => {
    expect(commandsOf('modprobe vhost_net\necho done', 'bash').map((each) => each.program)).toEqual([
      'modprobe',
      'echo',
    ]);
    expect(commandsOf('modprobe vhost_net\niperf Done.\niperf 3.12 (cJSON 1.7.15)\niperf3: error - x')).toEqual([]);
  });
});
