import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { run } from '../../src/lab/process.ts';
import { median } from '../ratio.ts';

/** How fast a log of every message is read, and in how much memory. */
const { values } = parseArgs({
  options: { rows: { type: 'string', default: '10000000' }, rounds: { type: 'string', default: '3' } },
});
const rows = Number(values.rows);
const rounds = Number(values.rounds);
const goals = { rowsPerSecond: 2e6, residentBytes: 200e6 };

const head =
  '------------------------------\ntest was performed using the following parameters:\n------------------------------\n\n';
const columns = 'packet, txTime(sec), rxTime(sec), latency(usec)\n';

/** A log as sockperf writes it: half round trips of 70 to 90 us with a long tail. */
function writeLog(path: string): void {
  const file = openSync(path, 'w');
  let text = head + columns;
  let atNs = 0;
  for (let row = 0; row < rows; row += 1) {
    const halfNs = 70_000 + ((row * 7919) % 20_000) + (row % 1000 === 0 ? 400_000 : 0);
    const seconds = (ns: number): string => `${String(Math.floor(ns / 1e9))}.${String(ns % 1e9).padStart(9, '0')}`;
    text += `${String(row)}, ${seconds(atNs)}, ${seconds(atNs + 2 * halfNs)}, ${(halfNs / 1000).toFixed(3)}\n`;
    atNs += 2 * halfNs + 900;
    if (text.length > 1e6) {
      writeSync(file, text);
      text = '';
    }
  }
  writeSync(file, `${text}------------------------------\n`);
  closeSync(file);
}

/** One reading in a process of its own, as the memory of one is asked for. */
async function reading(path: string): Promise<{ rowsPerSecond: number; residentBytes: number }> {
  const argv = [process.execPath, join(import.meta.dirname, 'read-log.ts'), path, String(rows)];
  const { stdout } = await run(argv, { deadlineMs: 300_000 });
  return JSON.parse(stdout) as { rowsPerSecond: number; residentBytes: number };
}

const folder = mkdtempSync(join(tmpdir(), 'tapbench-log-'));
try {
  const path = join(folder, 'full-log');
  writeLog(path);
  // The first pass over the file is the disk's, not ours.
  await reading(path);
  const readings = [];
  for (let round = 0; round < rounds; round += 1) readings.push(await reading(path));
  const rate = median(readings.map(({ rowsPerSecond }) => rowsPerSecond));
  const residentBytes = Math.max(...readings.map((one) => one.residentBytes));
  console.log(`rows: ${String(rows)}, ${(statSync(path).size / 1e6).toFixed(0)} MB`);
  console.log(`rows a second, median of ${String(rounds)}: ${(rate / 1e6).toFixed(2)} M (goal: 2 M)`);
  console.log(`memory, largest: ${(residentBytes / 1e6).toFixed(0)} MB (goal: under 200)`);
  process.exitCode = rate >= goals.rowsPerSecond && residentBytes < goals.residentBytes ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
