import { type ExperimentChoice, loadExperiment } from '../experiment/file/experiment-file.ts';
import type { Configuration, WorkloadSpec } from '../record/experiment.ts';
import { clientSide } from '../record/topology.ts';
import { workloadSentence } from '../report/measurement/workload-sentence.ts';
import { noteTemplate, type TemplatePart } from '../report/note/template.ts';
import { workloadFor } from '../workload/bound-workload.ts';
import { mainFigureOf } from '../workload/questions.ts';
import { topologies } from '../world/topology/topologies.ts';

function partOf({ topology, nic, name }: Configuration, spec: WorkloadSpec): TemplatePart & { suffix: string } {
  const plan = topologies[topology].plan(nic, null);
  const workload = workloadFor(spec);
  const isGuestClient = clientSide[topology] === 'guest';
  const guestAddress = plan.guest.address.replace(/\/.*/, '');
  const serverAddress = isGuestClient ? plan.namespace.address : guestAddress;
  const place = { serverAddress, clientFolder: '/tmp', keepsLog: false };
  const server = workload.server(place);
  return {
    chapter: mainFigureOf(spec) === 'throughput' ? 'Throughput' : 'Latency',
    heading: workloadSentence(topology, spec),
    suffix: `: ${name}, ${spec.name}`,
    commands: [
      ...(server === null ? [] : [{ place: isGuestClient ? ('host' as const) : ('vm' as const), argv: server.argv }]),
      { place: isGuestClient ? 'vm' : 'host', argv: workload.client(place).argv },
    ],
  };
}

/**
 * The empty lab note of an experiment, for those who measure by hand.
 * @throws TapbenchError `EXPERIMENT_INVALID`
 */
export async function noteTemplateOf(choice: ExperimentChoice): Promise<string> {
  const { experiment } = await loadExperiment(choice);
  const { configurations, name, description } = experiment;
  const parts = configurations.flatMap((one) => one.workloads.map((spec) => partOf(one, spec)));
  const isAlone = (heading: string): boolean => parts.filter((part) => part.heading === heading).length === 1;
  const told = parts.map(({ suffix, ...part }) => ({
    ...part,
    heading: isAlone(part.heading) ? part.heading : part.heading + suffix,
  }));
  return noteTemplate(`${name}: ${description}`, told);
}
