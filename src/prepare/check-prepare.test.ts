import { rmSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { machineFolder } from '../../test/sample/machine-folder.ts';
import { checkPrepare } from './check-prepare.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function rowsOf(files: Readonly<Record<string, string>>): Map<string, ReturnType<typeof checkPrepare>[number]> {
  const root = machineFolder(files);
  folders.push(root);
  return new Map(checkPrepare(root).map((row) => [row.name, row]));
}

describe('checkPrepare', () => {
  it('says what can be set and how it is now', () => {
    const rows = rowsOf({
      '/sys/devices/system/cpu/cpufreq/policy0/scaling_governor': 'powersave\n',
      '/sys/devices/system/cpu/cpufreq/boost': '1\n',
      '/sys/kernel/mm/transparent_hugepage/enabled': 'always [madvise] never\n',
    });
    expect(rows.get('prepare.governor')).toMatchObject({ status: 'ok', what: 'can be set (now powersave)' });
    expect(rows.get('prepare.turbo')).toMatchObject({ status: 'ok', what: 'can be set (now 1)' });
    expect(rows.get('prepare.transparentHugepages')?.what).toBe('can be set (now madvise)');
  });

  it('holds against a machine only the absence of what still happens there', () => {
    const rows = rowsOf({});
    expect(rows.get('prepare.governor')).toMatchObject({ status: 'degraded', mend: null });
    expect(rows.get('prepare.idleLatency')?.status).toBe('degraded');
    expect(rows.get('prepare.ksm')).toMatchObject({ status: 'ok', what: 'absent: not in this kernel' });
  });

  it('has a row for each field of prepare on this machine', () => {
    expect(checkPrepare().map(({ name }) => name)).toEqual([
      ...['prepare.pin', 'prepare.governor', 'prepare.turbo', 'prepare.idleLatency', 'prepare.ksm'],
      ...['prepare.transparentHugepages', 'prepare.irqbalance'],
    ]);
  });
});
