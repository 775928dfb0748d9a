import { join } from 'node:path';
import { monotonicNs } from '../lab/clock.ts';
import { Gate } from '../lab/gate.ts';
import { type ClientCommand, commandWords } from '../workload/workload.ts';
import { type ClientOptions, type ClientRun, guestClient, namespaceClient } from './client-run.ts';
import type { Flow } from './flows.ts';

/** A client that is to be started, with its flow. */
export interface FlowClient {
  readonly flow: Flow;
  readonly client: ClientCommand;
}

export interface BarrierOptions extends Omit<ClientOptions, 'argv'> {
  /** Silence between the last guest's "armed" and the start of the clients, ms. */
  readonly gateMs: number;
  /** Every load generator on this host is started with it. */
  readonly prefix: readonly string[];
  /** For a pipe. */
  readonly folder: string;
}

/** Clients that wait for one moment. Disposing lets go those that still wait. */
export interface Barrier extends Disposable {
  /** Of each flow, in their order. */
  readonly runs: readonly ClientRun[];
}

/** How long arming one guest more may take, ms: some are usual, an emulated one on a busy host needs more. */
const armingMs = 30;

async function readied(clients: readonly FlowClient[]): Promise<void> {
  const ends = clients.map(({ flow }) => flow.client);
  await Promise.all(ends.map(async (end) => (end.kind === 'guest' ? await end.machine.guest.ready() : null)));
}

/**
 * Has every client wait for one moment. Guests are armed one after another, each with what is left until then; several are readied before, all at once, as
 * that takes longer than arming may. A client on this host starts when it is told to; several are started before that and wait at a gate.
 */
export async function clientsAtBarrier(clients: readonly FlowClient[], options: BarrierOptions): Promise<Barrier> {
  const { gateMs, prefix, folder, limitMs, mostOutputBytes } = options;
  const isAlone = clients.length === 1;
  using made = new DisposableStack();
  const isGated = !isAlone && clients.some(({ flow }) => flow.client.kind === 'namespace');
  const gate = isGated ? made.use(await Gate.create(join(folder, 'gate'))) : null;
  if (!isAlone) await readied(clients);
  const startNs = monotonicNs() + (gateMs + (clients.length - 1) * armingMs) * 1e6;
  const runs: ClientRun[] = [];
  for (const { flow, client } of clients) {
    const end = flow.client;
    const limits = { limitMs, mostOutputBytes };
    if (end.kind === 'namespace') {
      const argv = [...prefix, ...commandWords(client)];
      runs.push(await namespaceClient(end.namespace, { argv, ...limits }, gate));
    } else {
      const leftMs = isAlone ? gateMs : Math.max(gateMs, Math.round((startNs - monotonicNs()) / 1e6));
      const arming = { gateMs: leftMs, isReady: !isAlone };
      runs.push(await guestClient(end.machine, { argv: commandWords(client), ...limits }, arming));
    }
  }
  await gate?.reached(runs.flatMap(({ pid }) => pid ?? []));
  const owned = made.move();
  return {
    runs,
    [Symbol.dispose]: () => {
      owned.dispose();
    },
  };
}
