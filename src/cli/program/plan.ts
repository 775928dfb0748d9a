import type { Command } from 'commander';
import { examples } from '../command-parts.ts';
import { addExperimentFlags } from '../experiment-flags.ts';

/** The commands that are about an experiment before it is run. */
export function addPlan(program: Command): void {
  addExperimentFlags(
    program
      .command('plan')
      .description('Shows what a run would do, in which order and for how long, without doing it.')
      .argument('[experiment]', 'YAML file or built-in name'),
  )
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      examples(['tapbench plan offloads', 'tapbench plan my.yaml --budget 30m', 'tapbench plan scale --seed 1 --json']),
    )
    .action(async (experiment: string | undefined, options: object) => {
      const { planCommand } = await import('../command/plan.ts');
      await planCommand(experiment ?? null, options);
    });
  program
    .command('schema')
    .description('Prints the JSON Schema of experiment files, for editors.')
    .addHelpText('after', examples(['tapbench schema > experiment.schema.json']))
    .action(async () => {
      const { schemaCommand } = await import('../command/schema.ts');
      await schemaCommand();
    });
}
