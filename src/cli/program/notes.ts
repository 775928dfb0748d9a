import type { Command } from 'commander';
import { examples, storeOption } from '../command-parts.ts';
import { addExperimentFlags } from '../experiment-flags.ts';

/** The commands that are about lab notes: Markdown files with commands and pasted output. */
export function addNotes(program: Command): void {
  const notes = program
    .command('notes')
    .description('Lab notes: Markdown files with commands and pasted output of the tools.');
  notes
    .command('read')
    .description('Reads a lab note as data: commands by side, figures with their lines, and what is not understood.')
    .argument('<file>', 'Markdown file')
    .option('--json', 'as JSON, with every figure, its rounding and its line')
    .addHelpText('after', examples(['tapbench notes read vm-client.md', 'tapbench notes read vm-client.md --json']))
    .action(async (file: string, options: object) => {
      const { notesReadCommand } = await import('../command/notes.ts');
      await notesReadCommand(file, options);
    });
  addExperimentFlags(
    notes
      .command('template')
      .description('Writes an empty lab note for an experiment: commands filled in, blocks to paste output into.')
      .argument('[experiment]', 'YAML file or built-in name'),
  )
    .addHelpText('after', examples(['tapbench notes template vm-to-host > note.md']))
    .action(async (experiment: string | undefined, options: object) => {
      const { notesTemplateCommand } = await import('../command/notes.ts');
      await notesTemplateCommand(experiment ?? null, options);
    });
  notes
    .command('check')
    .description('Judges a lab note as a reviewer would: the audits on its figures, and whether its sums add up.')
    .argument('<file>', 'Markdown file')
    .option('--json', 'as JSON')
    .addHelpText('after', examples(['tapbench notes check vm-client.md']))
    .action(async (file: string, options: object) => {
      const { notesCheckCommand } = await import('../command/notes.ts');
      await notesCheckCommand(file, options);
    });
  addExperimentFlags(
    program
      .command('reproduce')
      .description("Makes an experiment from a lab note's own commands, runs it here, and prints old beside new.")
      .argument('<file>', 'Markdown file'),
  )
    .option('--dry-run', 'prints the experiment as YAML and runs nothing')
    .option('--json', 'old beside new as JSON')
    .option('--quiet', 'no progress on stderr')
    .addOption(storeOption())
    .addHelpText(
      'after',
      examples(['tapbench reproduce vm-client.md --dry-run', 'tapbench reproduce vm-client.md --boots 5']),
    )
    .action(async (file: string, options: object) => {
      const { reproduceCommand } = await import('../command/reproduce.ts');
      await reproduceCommand(file, options);
    });
}
