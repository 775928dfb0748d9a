import { Command, CommanderError, Option } from 'commander';
import { version } from '../../api/version.ts';
import { TapbenchError } from '../../record/error.ts';
import { collect, examples, storeOption } from '../command-parts.ts';
import { addExperimentFlags } from '../experiment-flags.ts';
import { complainLines, print } from '../output.ts';
import { addComparing } from './compare.ts';
import { addGuestAgent } from './guest-agent.ts';
import { addHistory } from './history.ts';
import { addNotes } from './notes.ts';
import { addPlan } from './plan.ts';

function addRun(program: Command): void {
  addExperimentFlags(
    program
      .command('run')
      .summary('measure: boot, drive, trace, store, report')
      .description('Runs an experiment: a YAML file, or a built-in one (vm-to-host is the default).')
      .argument('[experiment]', 'YAML file or built-in name'),
  )
    .option('--trace-timing', 'also sum the time in each system call')
    .option('--guest.kernel <file>', "the user's own kernel")
    .option('--guest.initrd <file>', "the user's own initramfs (it must speak tapbench's channel)")
    .option('--guest.rootfs <path>', "the user's own root file system (image of ext4 or squashfs, or folder)")
    .option('--timeout <time>', 'limit on the whole run')
    .option('--resume <run>', 'continue a run that was cut off')
    .option('--keep', 'keep the VM of the last trial running, and print how to get into it')
    .addOption(new Option('--in <place>', 'nested: run in an emulated machine that has KVM').choices(['nested']))
    .option('--json', 'print the run as JSON on stdout and nothing else')
    .option('--quiet', 'no progress')
    .addOption(storeOption())
    .addHelpText(
      'after',
      examples([
        'tapbench run',
        'tapbench run quick --boots 3',
        'tapbench run my.yaml --set vmm.vcpus=2 --json > run.json',
        'tapbench run --resume latest',
        'tapbench run quick --in nested',
      ]),
    )
    .action(async (experiment: string | undefined, options: object) => {
      const { runCommand } = await import('../command/run.ts');
      await runCommand(experiment ?? null, options);
    });
}

function addReading(program: Command): void {
  program
    .command('show')
    .description('Shows a run: figures, spread, costs, findings.')
    .argument('<run>', 'id, the beginning of one, or latest')
    .option('--verbose', "also KVM's exits, the VMM's own counters, steps of searches; all details of many workloads")
    .option('--json', 'as JSON')
    .addOption(storeOption())
    .addHelpText('after', examples(['tapbench show latest', 'tapbench show 20261122T22 --json']))
    .action(async (run: string, options: object) => {
      const { showCommand } = await import('../command/show.ts');
      await showCommand(run, options);
    });
  program
    .command('explain')
    .description("Shows what each system call of a run's VMMs is for, and whether the counts have changed.")
    .argument('<run>', 'id, the beginning of one, or latest')
    .option('--json', 'as JSON')
    .addOption(storeOption())
    .addHelpText('after', examples(['tapbench explain latest']))
    .action(async (run: string, options: object) => {
      const { explainCommand } = await import('../command/explain.ts');
      await explainCommand(run, options);
    });
  program
    .command('report')
    .description('Writes a run as a document.')
    .argument('<run>', 'id, the beginning of one, or latest')
    .addOption(
      new Option('--format <format>', 'md: report and lab note; json: whole record; csv: table')
        .choices(['md', 'json', 'csv'])
        .default('md'),
    )
    .option('--output <file>', 'write it there rather than to stdout')
    .addOption(storeOption())
    .addHelpText('after', examples(['tapbench report latest', 'tapbench report latest --format csv --output run.csv']))
    .action(async (run: string, options: object) => {
      const { reportCommand } = await import('../command/report.ts');
      await reportCommand(run, options);
    });
}

function addImage(program: Command): void {
  const image = program.command('image').description('The guest image: kernel and initramfs, kept in the cache.');
  const action =
    (name: 'build' | 'list' | 'remove') =>
    async (...parameters: readonly unknown[]) => {
      const { imageCommand } = await import('../command/image.ts');
      await imageCommand(name, parameters);
    };
  image
    .command('build')
    .description('Builds the image with the newest kernel that apt has, if it is not there yet.')
    .option('--json', 'print its manifest')
    .addHelpText('after', examples(['tapbench image build']))
    .action(action('build'));
  image
    .command('list')
    .description('Lists the images of the cache.')
    .option('--json', 'as JSON')
    .addHelpText('after', examples(['tapbench image list']))
    .action(action('list'));
  image
    .command('remove')
    .description('Removes images.')
    .argument('<image>', 'id, "all", or "unused" (all but the newest)')
    .addHelpText('after', examples(['tapbench image remove unused']))
    .action(action('remove'));
}

function addHost(program: Command): void {
  program
    .command('doctor')
    .description('Says what this machine has and lacks, what that means for the results, and which command fixes it.')
    .option('--json', 'as JSON')
    .option('--no-score', 'skip measuring how quiet the host is (two seconds)')
    .addOption(storeOption())
    .addHelpText('after', examples(['tapbench doctor', 'tapbench doctor --json']))
    .action(async (options: object) => {
      const { doctorCommand } = await import('../command/doctor.ts');
      await doctorCommand(options);
    });
  program
    .command('clean')
    .description('Removes what runs that were killed left on this machine. Live runs are left alone.')
    .addOption(storeOption())
    .addHelpText('after', examples(['tapbench clean']))
    .action(async (options: object) => {
      const { cleanCommand } = await import('../command/clean.ts');
      await cleanCommand(options);
    });
  program
    .command('shell')
    .description('An interactive shell in a fresh guest, or in one that run --keep holds.')
    .argument('[experiment]', 'YAML file or built-in name')
    .option('--set <path=value>', 'any field of the experiment (repeatable)', collect, [])
    .option('--to <socket>', 'the socket that run --keep named')
    .addHelpText('after', examples(['tapbench shell', 'tapbench shell --set vmm.vcpus=2']))
    .action(async (experiment: string | undefined, options: object) => {
      const { shellCommand } = await import('../command/shell.ts');
      await shellCommand(experiment ?? null, options);
    });
  program
    .command('trace')
    .description('Counts the system calls of any running process, by thread, until Ctrl-C.')
    .argument('<pid>', 'process id')
    .option('--duration <time>', 'end by itself, e.g. 10s')
    .option('--interval <time>', 'print a table this often, e.g. 1s; 0 for the total only', '1s')
    .option('--trace-timing', 'also sum the time in each call')
    .option('--json', 'one JSON document a table')
    .addHelpText('after', examples(['tapbench trace 1234', 'tapbench trace 1234 --duration 10s --interval 0 --json']))
    .action(async (pid: string, options: object) => {
      const { traceCommand } = await import('../command/trace.ts');
      await traceCommand(pid, options);
    });
}

function addCompletion(program: Command): void {
  program
    .command('completion')
    .description('Prints the completions for a shell.')
    .argument('<shell>', 'bash, zsh or fish')
    .addHelpText(
      'after',
      examples([
        'tapbench completion bash > /etc/bash_completion.d/tapbench',
        'tapbench completion fish > ~/.config/fish/completions/tapbench.fish',
      ]),
    )
    .action(async (shell: string) => {
      const { completions } = await import('../completions.ts');
      await print(completions(shell, program));
    });
}

/** The whole command line. Each subcommand's code is loaded when it is called. `onHelp` takes what was asked for with `--help` or `--version`. */
export function program(onHelp: (text: string) => void = () => undefined): Command {
  const root = new Command('tapbench')
    .description("Measures throughput, latency and costs of a microVM's network path.")
    .version(version)
    .showHelpAfterError(false)
    .showSuggestionAfterError(true)
    .exitOverride()
    .configureOutput({ outputError: () => undefined, writeOut: onHelp });
  addRun(root);
  addPlan(root);
  addComparing(root);
  addHistory(root);
  addReading(root);
  addNotes(root);
  addImage(root);
  addGuestAgent(root);
  addHost(root);
  addCompletion(root);
  root.addHelpText(
    'after',
    `${examples(['tapbench run quick', 'tapbench show latest', 'tapbench doctor'])}\n\nExit status: 0 done; 1 a gate failed; 2 wrong use or a bad file; 3 this machine can't; 4 a trial failed or was void; 5 a gate can't be told; 130 interrupted.`,
  );
  return root;
}

/** Commander's own errors, as ours: wrong use is exit 2; help and version are no errors. */
export async function parse(argv: readonly string[]): Promise<void> {
  const help: string[] = [];
  const root = program((text) => {
    help.push(text);
  });
  if (argv.length <= 2) {
    complainLines(root.helpInformation());
    throw new TapbenchError('USAGE', 'no subcommand was given');
  }
  try {
    await root.parseAsync([...argv]);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) {
      await print(help.join(''));
      return;
    }
    const [, message = '', suggestion] = /^(?:error: )?(.*?)(?:\n(\(Did you mean .*\)))?$/s.exec(error.message) ?? [];
    throw new TapbenchError('USAGE', message, {
      lines: suggestion === undefined ? [] : [suggestion],
      hint: 'see: tapbench --help',
      cause: error,
    });
  }
}
