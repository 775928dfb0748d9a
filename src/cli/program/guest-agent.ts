import type { Command } from 'commander';
import { examples } from '../command-parts.ts';

export function addGuestAgent(program: Command): void {
  const agent = program
    .command('guest-agent')
    .description("The agent in a root file system of the user's own, for guest.init: theirs.");
  agent
    .command('install')
    .description(
      'Puts the agent into a copy of a root file system, as a service of its init (systemd, OpenRC, sysvinit, busybox).',
    )
    .argument('<rootfs>', 'image of ext4, or folder; it is only read')
    .option('--output <copy>', 'where the copy comes; otherwise beside it, with -agent in its name')
    .addHelpText(
      'after',
      examples([
        'tapbench guest-agent install debian.ext4',
        'tapbench guest-agent install debian/ --output debian-theirs',
        'tapbench run --guest.rootfs debian-agent.ext4 --set guest.init=theirs',
      ]),
    )
    .action(async (rootfs: string, options: object) => {
      const { guestAgentCommand } = await import('../command/guest-agent.ts');
      await guestAgentCommand(rootfs, options);
    });
}
