import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findExecutable } from '../../src/lab/executable.ts';
import { requireOrSkip } from './requirement.ts';
import { useSession } from './support/session.ts';
import { latestRun } from './support/stored-run.ts';

const describeHere = await requireOrSkip('root', 'tap', 'image');

const text = `topology: vm-to-host
ceiling: true
trace: off
workloads:
  - { kind: iperf3, streams: 1, duration: 1s }
  - { kind: sockperf, duration: 1s }
`;

describeHere('a run with a ceiling', () => {
  const session = useSession();

  async function ran(...more: readonly string[]) {
    const file = join(session().folder, 'topped.yaml');
    await writeFile(file, text);
    const result = await session().run(['run', file, ...more]);
    expect(result.exitStatus, result.stderr).toBe(0);
    return { result, run: await latestRun(session()) };
  }

  it('measures it in the same blocks, for each number of pairs, and tells each figure as a share', async () => {
    const { result, run } = await ran('--set', 'matrix.pairs=[1, 2]', '--workload', 'iperf3');
    expect(run.trials.map(({ configuration, status }) => [configuration.name, status]).sort()).toEqual([
      ['ceiling_pairs-1', 'ok'],
      ['ceiling_pairs-2', 'ok'],
      ['pairs-1', 'ok'],
      ['pairs-2', 'ok'],
    ]);
    const shares = run.ceilingShares ?? [];
    const of = (metric: string) => shares.filter((share) => share.metric === metric);
    expect(of('throughput.bitsPerSecond').map(({ configuration, ceiling }) => [configuration, ceiling])).toEqual([
      ['pairs-1', 'ceiling_pairs-1'],
      ['pairs-2', 'ceiling_pairs-2'],
    ]);
    for (const { ratio, blocks } of shares) {
      expect(ratio).toBeGreaterThan(0);
      expect(blocks).toBe(1);
    }
    expect(result.stdout).toContain('OF THE CEILING');
    const notes = await session().run(['notes', 'read', join(session().store, run.runId, 'report.md')]);
    expect(notes).toMatchObject({ exitStatus: 0 });
    expect(await session().leaks()).toEqual([]);
  });

  it('that fails keeps its figures, exits 0 and says what it lacks', async () => {
    const ip = (await findExecutable('ip')) ?? 'ip';
    const isCeiling = `case "$*" in *-server*' iperf3 -s '*) echo 'unable to start listener' >&2; exit 1 ;; esac`;
    await session().fake('ip', `${isCeiling}\nexec ${ip} "$@"`);
    const { result, run } = await ran();
    expect(run.status).toBe('done');
    expect(
      run.trials.map(({ configuration, status, repeats }) => [configuration.name, status, repeats === null]).sort(),
    ).toEqual([
      ['ceiling', 'failed', false],
      ['ceiling', 'failed', true],
      ['default', 'ok', true],
    ]);
    expect(result.stdout).toContain('1 of 1 boots ok, ceiling 0 of 1');
    expect(result.stdout).toContain('No block has both the figure and its ceiling.');
    expect(result.stdout).toMatch(/^failed \S*ceiling\S* in iperf3: TOOL_FAILED: /m);
    expect(await session().leaks()).toEqual([]);
  });

  it('is refused for a machine that pins, and with nothing made', async () => {
    const file = join(session().folder, 'topped.yaml');
    await writeFile(file, text);
    const result = await session().run(['run', file, '--set', 'prepare.pin=auto']);
    expect(result).toMatchObject({ exitStatus: 2, stdout: '' });
    expect(result.stderr).toContain('topped.yaml:2:10: ceiling: needs prepare.pin: none');
    expect(
      (await session().run(['run', file, '--set', 'prepare.pin=auto', '--no-ceiling', '--resume', 'latest']))
        .exitStatus,
    ).toBe(2);
  });
});
