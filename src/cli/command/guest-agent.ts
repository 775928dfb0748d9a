import { z } from 'zod';
import { putAgent } from '../../preflight/guest-agent.ts';
import { readOptions } from '../options.ts';
import { complain, print } from '../output.ts';

const schema = z.object({ output: z.string().min(1).optional() });

/** `tapbench guest-agent install ROOTFS`. */
export async function guestAgentCommand(rootfs: string, options: object): Promise<void> {
  const { output } = readOptions(schema, options);
  const { copy, init } = await putAgent(rootfs, output ?? null, complain);
  await print(`${copy}  agent: a service of ${init}`);
}
