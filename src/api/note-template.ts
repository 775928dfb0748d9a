import { type ExperimentChoice, loadExperiment } from '../experiment/file/experiment-file.ts';
import type { Configuration, WorkloadSpec } from '../record/experiment.ts';
import { workloadSentence } from '../report/measurement/workload-sentence.ts';
import { noteTemplate, type TemplatePart } from '../report/note/template.ts';
import { workloadFor } from '../workload/bound-workload.ts';
import { mainFigureOf } from '../workload/questions.ts';
import { topologies } from '../world/topology/topologies.ts';

function partOf({ topology, nic, name }: Configuration, spec: WorkloadSpec): TemplatePart & { suffix: string } {
  const { machines, flows } = topologies[topology].plan({ nic, pairs: 1, labName: '', tapOwner: () => null });
  const workload = workloadFor(spec);
  const [flow] = flows;
  const placeOf = (end: string | undefined): 'vm' | 'host' =>
    machines.some(({ name }) => name === end) ? 'vm' : 'host';
  const place = { serverAddress: flow?.address ?? '', clientFolder: '/tmp', keepsLog: false };
  const server = workload.server(place);
  return {
    chapter: mainFigureOf(spec) === 'throughput' ? 'Throughput' : 'Latency',
    heading: workloadSentence(topology, spec),
    suffix: `: ${name}, ${spec.name}`,
    commands: [
      ...(server === null ? [] : [{ place: placeOf(flow?.server), argv: server.argv }]),
      { place: placeOf(flow?.client), argv: workload.client(place).argv },
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
