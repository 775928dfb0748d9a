import { type Command, Option } from 'commander';
import { collect, examples, storeOption } from '../command-parts.ts';
import { comparisonFlags } from '../comparison-options.ts';

function withComparisonFlags(command: Command): Command {
  for (const flag of comparisonFlags()) command.addOption(flag);
  return command;
}

function addCompare(program: Command): void {
  const command = program
    .command('compare')
    .summary('verdicts on two or more runs or configurations')
    .description('Compares runs or configurations over their boots: what else differs, verdicts with intervals, gates.')
    .argument('<side...>', 'RUN, RUN:CONFIGURATION, or a file with a run as JSON; the first is the baseline');
  withComparisonFlags(command)
    .option('--seed <n>', 'of bootstrap and permutations')
    .option('--output <file>', 'write it there rather than to stdout')
    .addOption(storeOption())
    .addHelpText(
      'after',
      examples([
        'tapbench compare latest',
        'tapbench compare ab12 cd34',
        'tapbench compare ab12:kvm cd34:kvm --threshold 5%',
        "tapbench compare main.json latest --gate 'latency.p99<=+5%' --gate 'throughput>=-3%' --format github",
      ]),
    )
    .action(async (sides: readonly string[], options: object) => {
      const { compareCommand } = await import('../command/compare.ts');
      await compareCommand(sides, options);
    });
}

function addAb(program: Command): void {
  const command = program
    .command('ab')
    .summary('measure two configurations by turns, and compare them')
    .description('Boots two configurations of an experiment by turns, measures both, and compares b against a.')
    .argument('[experiment]', 'YAML file or built-in name; quick where none is given')
    .option('--a <path=value>', 'a field of the baseline, e.g. nic.offloads.tso=true (repeatable)', collect, [])
    .option('--b <path=value>', 'a field of the candidate (repeatable)', collect, [])
    .option('--boots <n>', 'fresh boots of each (10 without this and --budget)')
    .option('--budget <time>', 'time that the run may take; decides the number of boots')
    .option('--duration <time>', 'of every workload, e.g. 10s')
    .option('--workload <names>', 'only these, e.g. iperf3,sockperf')
    .option('--set <path=value>', 'any field of both (repeatable)', collect, [])
    .addOption(new Option('--trace <mode>', 'system calls').choices(['separate', 'inline', 'off', 'lab-note']))
    .option('--timeout <time>', 'limit on the whole run')
    .option('--seed <n>', 'of the order of boots, of bootstrap and permutations');
  withComparisonFlags(command)
    .option('--json', 'short for --format json')
    .option('--quiet', 'no progress')
    .addOption(storeOption())
    .addHelpText(
      'after',
      examples([
        'tapbench ab --a nic.offloads.tso=true --b nic.offloads.tso=false',
        'tapbench ab --b vmm.binary=./qemu-new --boots 20',
        "tapbench ab my.yaml --b vmm.vcpus=2 --budget 30m --gate 'throughput>=+0%'",
        'tapbench ab',
      ]),
    )
    .action(async (experiment: string | undefined, options: object) => {
      const { abCommand } = await import('../command/ab.ts');
      await abCommand(experiment ?? null, options);
    });
}

function addMetricHistory(program: Command): void {
  program
    .command('history')
    .summary('a metric over the runs of the store')
    .description('Shows a metric over the runs of one host, and where its level changes.')
    .argument('<metric>', 'e.g. throughput or latency.p99')
    .option('--workload <name>', 'only this workload')
    .option('--configuration <name>', 'only this configuration')
    .option('--fingerprint <text>', 'the host (default: that of the newest run that has the metric)')
    .option('--all-hosts', 'every host, each in a separate series')
    .option('--since <date>', 'started then or later, e.g. 2026-11-23')
    .option('--tag <name>', 'has this tag (repeatable)', collect, [])
    .option('--json', 'as JSON')
    .addOption(storeOption())
    .addHelpText(
      'after',
      examples(['tapbench history throughput', 'tapbench history latency.p99 --workload sockperf --tag main --json']),
    )
    .action(async (metric: string, options: object) => {
      const { historyCommand } = await import('../command/history.ts');
      await historyCommand(metric, options);
    });
}

/** The commands that say what differs: between configurations, between runs, over time. */
export function addComparing(program: Command): void {
  addCompare(program);
  addAb(program);
  addMetricHistory(program);
}
