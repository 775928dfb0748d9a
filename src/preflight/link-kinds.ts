import { run } from '../lab/process.ts';
import { isCeiling } from '../record/ceiling.ts';
import { firstComplaint } from '../record/complaint.ts';
import { TapbenchError } from '../record/error.ts';
import type { Experiment } from '../record/experiment.ts';
import { topologies } from '../world/topology/topologies.ts';

const deadlineMs = 10_000;

/** Why the kernel makes no link of a kind; null where it does. Tried in a network namespace that ends with the try. */
async function kindRefusal(kind: string): Promise<string | null> {
  const making = ['unshare', '--net', 'ip', 'link', 'add', 'try0', 'type', kind];
  const { exitStatus, stderr } = await run(making, { deadlineMs, acceptsFailure: true });
  return exitStatus === 0 ? null : (firstComplaint(stderr) ?? 'ip said nothing');
}

/** That the kernel has every kind of link that the topologies of an experiment are made of. @throws TapbenchError `HOST_INCAPABLE` */
export async function demandLinkKinds({ configurations }: Pick<Experiment, 'configurations'>): Promise<void> {
  for (const name of new Set(configurations.map(({ topology }) => topology))) {
    for (const kind of topologies[name].linkKinds) {
      const refusal = await kindRefusal(kind);
      if (refusal === null) continue;
      const of = configurations.filter(({ topology }) => topology === name);
      const without = of.every(isCeiling) ? ', or do without the ceiling (--no-ceiling)' : '';
      throw new TapbenchError('HOST_INCAPABLE', `topology ${name}: this kernel makes no ${kind}: ${refusal}`, {
        hint: `load the module ${kind} (modprobe ${kind}), or use a kernel that has it${without}`,
      });
    }
  }
}
