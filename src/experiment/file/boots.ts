import type { Experiment } from '../../record/experiment.ts';
import { blockTimeNs } from '../estimate.ts';
import type { ExperimentDocument } from './document.ts';
import { type PlacedMistake, placed } from './place.ts';
import { mostBoots } from './schema.ts';

/** Trials of one run: a plan of more takes months. */
const mostTrials = 100_000;

function seconds(ns: number): string {
  return `${String(Math.ceil(ns / 1e9))}s`;
}

/** The boots of each configuration: as many blocks as the budget has room for, but never more than the file asks for. */
export function chosenBoots(
  document: ExperimentDocument,
  experiment: Experiment,
  asked: number | null,
): { boots: number } | { mistake: PlacedMistake } {
  const { budgetNs, configurations } = experiment;
  const most = Math.min(asked ?? mostBoots, Math.max(1, Math.floor(mostTrials / configurations.length)));
  if (asked !== null && asked > most) {
    const message = `${String(asked)} boots of ${String(configurations.length)} configurations: at most ${String(mostTrials)} trials`;
    return { mistake: placed(document, { path: ['boots'], isAboutKey: false, message }) };
  }
  if (budgetNs === null) return { boots: asked ?? 1 };
  const blockNs = blockTimeNs(experiment);
  const room = Math.floor(budgetNs / blockNs);
  if (room >= 1) return { boots: Math.min(most, room) };
  const trials = configurations.length === 1 ? 'one boot' : `one boot of each of ${String(configurations.length)}`;
  const message = `${seconds(budgetNs)} is too little: ${trials} takes about ${seconds(blockNs)}`;
  return { mistake: placed(document, { path: ['budget'], isAboutKey: false, message }) };
}
