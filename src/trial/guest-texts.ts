import { parseGuestResources } from '../probe/guest-resources.ts';
import { refusalOf, type TapbenchError } from '../record/error.ts';
import type { GuestResources } from '../record/probe-readings.ts';
import type { Machine } from '../world/boot.ts';
import type { CollectedFlow, FlowCommands, FlowFailure } from './flow-outcome.ts';

const controlDeadlineMs = 10_000;

async function textOf({ guest }: Pick<Machine, 'guest'>, path: string): Promise<string> {
  return (await guest.evaluate(`cat ${path}`, controlDeadlineMs)).stdout;
}

/**
 * The resources of each guest at both edges, as text in the form of `window` of init.sh. A guest that runs a client says its own; one that serves is asked before
 * the clients wait and after they have ended.
 */
export class GuestTexts {
  readonly #before = new Map<Machine, string>();
  readonly #whole = new Map<Machine, string>();

  private constructor() {
    // Made by `begin`.
  }

  static async begin(flows: readonly FlowCommands[]): Promise<GuestTexts> {
    const texts = new GuestTexts();
    const serving = new Set(flows.flatMap(({ flow: { server } }) => (server.kind === 'guest' ? [server.machine] : [])));
    await Promise.all(
      [...serving].map(async (machine) => {
        texts.#before.set(machine, await machine.guest.ready());
      }),
    );
    return texts;
  }

  async end(flows: readonly (CollectedFlow | FlowFailure)[]): Promise<void> {
    for (const flow of flows) {
      const { client } = flow.flow;
      if ('failure' in flow || client.kind !== 'guest') continue;
      this.#whole.set(client.machine, flow.collected.resources ?? '');
    }
    await Promise.all(
      [...this.#before].map(async ([machine, before]) => {
        if (machine.guest.channel.broken !== null) return;
        const after = await textOf(machine, '/proc/stat');
        const memory = await textOf(machine, '/proc/meminfo');
        this.#whole.set(machine, `${before}===\n${after}===\n${memory}`);
      }),
    );
  }

  /** Empty for one that is gone. */
  of(machine: Machine): string {
    return this.#whole.get(machine) ?? '';
  }
}

/** init.sh writes /proc/stat, /proc/stat again and /proc/meminfo, with lines of `===` between them. */
export function guestResources(text: string): GuestResources | TapbenchError {
  const [opening = '', closing = '', meminfo = ''] = text.split(/^===\n/m);
  try {
    return parseGuestResources({ stat: opening, meminfo: '' }, { stat: closing, meminfo });
  } catch (error) {
    return refusalOf(error);
  }
}
