import { describe, expect, it } from 'vitest';
import { ConsoleTail } from './console-tail.ts';
import { lastWordsOf } from './last-words.ts';

describe('the last words of a guest', () => {
  it.each([
    ['Kernel panic - not syncing: No working init found.', 'the guest panicked'],
    ['[    1.234567] Kernel panic - not syncing: VFS', 'the guest panicked'],
    ['[   12.5] reboot: System halted', 'the guest halted'],
    ['[    1.970693] reboot: Power off not available: System halted instead', 'the guest halted'],
    ['reboot: Power down', 'the guest powered off'],
    [' -- System halted', "the guest's kernel could not be unpacked"],
    ['tapbench-init: no network card was found', "the guest's init gave up: no network card was found"],
  ])('are read in "%s"', (line, meaning) => {
    expect(lastWordsOf(line)).toBe(meaning);
  });

  it.each([
    '[    0.1] Command line: console=ttyS0 panic=-1',
    'grep: Kernel panic',
    'reboot: Restarting system',
    'echo tapbench-init: x',
    '',
  ])('are not in "%s"', (line) => {
    expect(lastWordsOf(line)).toBeNull();
  });
});

describe('the console', () => {
  it('knows the last words once their line is whole, however it came in pieces', () => {
    const console = new ConsoleTail();
    console.push('random: crng init done\r\ntapbench-init: insmod /mod');
    expect(console.lastWords).toBeNull();
    console.push('ules/01.ko\r\n');
    expect(console.lastWords).toBe("the guest's init gave up: insmod /modules/01.ko");
  });

  it('keeps the first of them: what comes later follows from it', () => {
    const console = new ConsoleTail();
    console.push('tapbench-init: no network card was found\nreboot: Power down\n');
    expect(console.lastWords).toContain('no network card');
    expect(console.lines()).toEqual(['tapbench-init: no network card was found', 'reboot: Power down']);
  });

  it('has lines of bounded length, and is not slow where one is long', () => {
    const console = new ConsoleTail();
    const begun = performance.now();
    for (let piece = 0; piece < 100; piece += 1) console.push(`tapbench-init: ${' '.repeat(65_536)}x`);
    console.push('\nlast\n');
    expect(performance.now() - begun).toBeLessThan(2_000);
    expect(console.lines().map(({ length }) => length)).toEqual([1_024, 4]);
    expect(console.lastWords).toBe("the guest's init gave up: ");
  });
});
