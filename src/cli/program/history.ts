import { type Command, Option } from 'commander';
import { collect, examples, storeOption } from '../command-parts.ts';

/** Adds the options by which runs are chosen. */
export function addFilters(command: Command): Command {
  return command
    .option(
      '--where <field=value>',
      'a field of a configuration, e.g. vmm.vcpus=2; also != < <= > >= (repeatable)',
      collect,
      [],
    )
    .option('--since <date>', 'started then or later, e.g. 2026-11-23 or 2026-11-23T14:30 (UTC)')
    .option('--until <date>', 'started then or before; a date means its whole day')
    .option('--tag <name>', 'has this tag (repeatable)', collect, [])
    .addOption(
      new Option('--status <status>', 'ended like this').choices([
        'done',
        'interrupted',
        'failed',
        'unfinished',
        'damaged',
      ]),
    )
    .addOption(
      new Option('--verdict <verdict>', 'has a metric with this verdict').choices([
        'better',
        'worse',
        'same',
        'cannot-tell',
      ]),
    );
}

function addList(program: Command): void {
  addFilters(program.command('list').description('Lists the runs of the store, newest first.'))
    .option('--limit <n>', 'only the newest n')
    .option('--json', 'as JSON')
    .addOption(storeOption())
    .addHelpText(
      'after',
      examples([
        'tapbench list',
        'tapbench list --where vmm.vcpus=2 --where nic.mtu=9000 --since 2026-11-01',
        'tapbench list --tag release --verdict worse --json',
      ]),
    )
    .action(async (options: object) => {
      const { listCommand } = await import('../command/list.ts');
      await listCommand(options);
    });
}

function addTag(program: Command): void {
  program
    .command('tag')
    .description('Adds tags to a run or removes them; without names prints them.')
    .argument('<run>', 'id, the beginning of one, or latest')
    .argument('[names...]', 'tags to add')
    .option('--remove <name>', 'remove this tag (repeatable)', collect, [])
    .option('--json', 'print the resulting tags as JSON')
    .addOption(storeOption())
    .addHelpText('after', examples(['tapbench tag latest release v1.2', 'tapbench tag latest --remove release']))
    .action(async (run: string, names: string[], options: object) => {
      const { tagCommand } = await import('../command/tag.ts');
      await tagCommand(run, names, options);
    });
}

function addReindex(program: Command): void {
  program
    .command('reindex')
    .description('Rebuilds the index of the store from the run folders.')
    .option('--json', 'as JSON')
    .addOption(storeOption())
    .addHelpText('after', examples(['tapbench reindex']))
    .action(async (options: object) => {
      const { reindexCommand } = await import('../command/reindex.ts');
      await reindexCommand(options);
    });
}

function addExport(program: Command): void {
  addFilters(
    program
      .command('export')
      .description('Writes the figures of many runs as one table, one figure in each row.')
      .argument('[runs...]', 'id, the beginning of one, or latest; without them every run that the filters leave'),
  )
    .addOption(
      new Option('--format <format>', 'of the table').choices(['csv', 'jsonl', 'parquet']).makeOptionMandatory(),
    )
    .option('--output <file>', 'write it there rather than to stdout; parquet needs it')
    .addOption(storeOption())
    .addHelpText(
      'after',
      examples([
        'tapbench export --format csv --output all.csv',
        'tapbench export --format parquet --output november.parquet --since 2026-11-01',
        'tapbench export latest --format jsonl | head',
      ]),
    )
    .action(async (runs: string[], options: object) => {
      const { exportCommand } = await import('../command/export.ts');
      await exportCommand(runs, options);
    });
}

function addArchive(program: Command): void {
  program
    .command('archive')
    .description('Packs a run into one file, which tapbench import takes on another machine.')
    .argument('<run>', 'id, the beginning of one, or latest')
    .option('--output <file>', 'default: the id with .tar.gz, here')
    .option('--without-raw', 'records only: no tool output, no console')
    .addOption(storeOption())
    .addHelpText(
      'after',
      examples(['tapbench archive latest', 'tapbench archive latest --without-raw --output run.tar.gz']),
    )
    .action(async (run: string, options: object) => {
      const { archiveCommand } = await import('../command/archive.ts');
      await archiveCommand(run, options);
    });
  program
    .command('import')
    .description('Imports archived runs and lab notes into the store, after checking all of them.')
    .argument('<files...>', 'made by tapbench archive')
    .addOption(storeOption())
    .addHelpText('after', examples(['tapbench import 20261123T000104Z-vm-to-host-d39f.tar.gz']))
    .action(async (files: string[], options: object) => {
      const { importCommand } = await import('../command/import.ts');
      await importCommand(files, options);
    });
}

/** The commands about the runs of the store as a whole. */
export function addHistory(program: Command): void {
  addList(program);
  addTag(program);
  addReindex(program);
  addExport(program);
  addArchive(program);
}
