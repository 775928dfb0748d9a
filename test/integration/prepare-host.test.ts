import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { clean } from '../../src/lab/clean.ts';
import { type StartedProcess, start } from '../../src/lab/process.ts';
import { readSetting, writeSetting } from '../../src/lab/setting.ts';
import { waitFor } from '../../src/lab/wait.ts';
import { idleStatesAbsent } from '../../src/prepare/idle-latency.ts';
import { undoableHere } from '../../src/run/undoable.ts';
import { requireOrSkip } from './requirement.ts';

const source = join(dirname(dirname(import.meta.dirname)), 'src');
const hugepages = '/sys/kernel/mm/transparent_hugepage/enabled';
const deadlineMs = 10_000;

/** A process that prepares the host and, told to, puts it back. It says what it has done on stdout. */
const program = `
import { createInterface } from 'node:readline';
import { once } from 'node:events';
import { Ledger } from '${source}/lab/ledger.ts';
import { prepareHost } from '${source}/prepare/prepare-host.ts';
const [ledgers, hugepages] = process.argv.slice(1);
const spec = { governor: null, turbo: null, idleLatencyUs: 7, ksm: null, transparentHugepages: hugepages, irqbalance: null };
{
  using ledger = Ledger.open(ledgers, 'test');
  await using host = await prepareHost({ spec, ledger });
  console.log(JSON.stringify(host.settings));
  const input = createInterface({ input: process.stdin });
  await once(input, 'line');
  input.close();
}
console.log('back');
`;

const latencyUs = (): number => readFileSync('/dev/cpu_dma_latency').readInt32LE();

let ledgers = '';
let before: string | null = null;
beforeEach(() => {
  ledgers = mkdtempSync(join(tmpdir(), 'tapbench-prepare-'));
  before = readSetting(hugepages);
});
afterEach(() => {
  // Whatever a test did: the machine is as it was.
  if (before !== null && readSetting(hugepages) !== before) writeSetting(hugepages, before);
  rmSync(ledgers, { recursive: true });
});

interface Preparation {
  readonly child: StartedProcess;
  readonly settings: unknown;
  readonly nextLine: () => Promise<string>;
}

async function prepared(wanted: string): Promise<Preparation> {
  const argv = [process.execPath, '--input-type=module', '--eval', program, ledgers, wanted];
  const child = await start(argv, { stdin: 'pipe', stdout: 'pipe' });
  if (child.stdout === null) throw new Error('no stdout');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextLine = async (): Promise<string> => {
    const { value, done } = await lines.next();
    return done === true ? `ended: ${child.stderrSoFar()}` : value;
  };
  return { child, settings: JSON.parse(await nextLine()), nextLine };
}

const describeHere = await requireOrSkip('root', 'settings');

describeHere('a prepared host', () => {
  const other = (): 'never' | 'madvise' => (before === 'never' ? 'madvise' : 'never');

  it('is as it was once the preparation has ended', async () => {
    const { child, settings, nextLine } = await prepared(other());
    await using _child = child;
    expect(settings).toMatchObject([
      { field: 'idleLatencyUs', status: idleStatesAbsent('/') === null ? 'set' : 'absent' },
      { field: 'transparentHugepages', target: hugepages, wanted: other(), before, status: 'set', reason: null },
    ]);
    expect(readSetting(hugepages)).toBe(other());
    if (idleStatesAbsent('/') === null) expect(latencyUs()).toBe(7);
    child.stdin?.end('end\n');
    expect(await nextLine()).toBe('back');
    await child.ended;
    expect(readSetting(hugepages)).toBe(before);
    expect(latencyUs()).not.toBe(7);
    expect(readdirSync(ledgers)).toEqual([]);
  });

  it('is put back by clean where the process was killed, and by the kernel where it can', async () => {
    const { child } = await prepared(other());
    process.kill(child.pid, 'SIGKILL');
    await child.ended;
    expect(await waitFor(() => (latencyUs() === 7 ? null : true), { deadlineMs, intervalMs: 5 })).toBe(true);
    expect(readSetting(hugepages)).toBe(other());
    const report = await clean(ledgers, undoableHere());
    expect(report).toMatchObject({ removed: [expect.stringContaining(hugepages)], left: [], failed: [] });
    expect(readSetting(hugepages)).toBe(before);
  });

  it('is left alone by clean while the process lives', async () => {
    const { child } = await prepared(other());
    await using _child = child;
    const report = await clean(ledgers, undoableHere());
    expect(report).toMatchObject({ removed: [], live: [{ pid: child.pid, command: 'test' }] });
    expect(readSetting(hugepages)).toBe(other());
  });
});
