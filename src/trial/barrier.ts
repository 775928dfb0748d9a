import { join } from 'node:path';
import { makeFolders } from '../guest/together.ts';
import { monotonicNs } from '../lab/clock.ts';
import { Gate } from '../lab/gate.ts';
import { type ClientCommand, commandWords } from '../workload/workload.ts';
import type { Machine } from '../world/boot.ts';
import { type ClientRun, type FolderClient, guestClient, guestClients, namespaceClient } from './client-run.ts';
import type { Flow } from './flows.ts';
import type { Load } from './load.ts';

/** A client that is to be started, with its flow and what it is of. */
export interface FlowClient {
  readonly flow: Flow;
  readonly load: Load;
  readonly client: ClientCommand;
}

export interface BarrierOptions {
  /** Silence between the last guest's "armed" and the start of the clients, ms. */
  readonly gateMs: number;
  /** Every load generator on this host is started with it. */
  readonly prefix: readonly string[];
  /** For a pipe. */
  readonly folder: string;
  /** The clients are ended after this. */
  readonly limitMs: number;
}

/** Clients that wait for one moment. Disposing lets go those that still wait. */
export interface Barrier extends Disposable {
  /** Of each client, in their order. */
  readonly runs: readonly ClientRun[];
}

/** How long arming one guest more may take, ms: some are usual, an emulated one on a busy host needs more. */
const armingMs = 30;

/** The clients that are started by one hand: those of a guest, or one on this host. */
type Party =
  | { readonly machine: Machine; readonly clients: readonly FlowClient[] }
  | { readonly machine: null; readonly clients: readonly [FlowClient] };

function partiesOf(all: readonly FlowClient[]): Party[] {
  const parties = Map.groupBy(all, (one) => (one.flow.client.kind === 'guest' ? one.flow.client.machine : one));
  return [...parties].map(([key, clients]) =>
    'plan' in key ? { machine: key, clients } : { machine: null, clients: [key] },
  );
}

/** A folder of the guest for each of several clients. */
export function guestFolder({ spec }: Load): string {
  return `/tmp/load-${spec.name}`;
}

function folderClients(clients: readonly FlowClient[]): FolderClient[] {
  return clients.map(({ client, load }) => ({
    argv: commandWords(client),
    folder: guestFolder(load),
    mostOutputBytes: load.workload.mostOutputBytes,
  }));
}

const controlDeadlineMs = 10_000;

/** Before any is armed: all at once, as that takes longer than arming may. */
async function readied(parties: readonly Party[]): Promise<void> {
  const each = parties.map(async ({ machine, clients }) => {
    if (machine === null) return;
    if (clients.length > 1) await machine.guest.evaluate(makeFolders(folderClients(clients)), controlDeadlineMs);
    if (parties.length > 1) await machine.guest.ready();
  });
  await Promise.all(each);
}

interface Arming {
  readonly gateMs: number;
  readonly isReady: boolean;
  readonly limitMs: number;
}

async function armed(machine: Machine, clients: readonly FlowClient[], arming: Arming): Promise<ClientRun[]> {
  const [only, ...others] = clients;
  if (only === undefined || others.length > 0) return await guestClients(machine, folderClients(clients), arming);
  const { mostOutputBytes } = only.load.workload;
  const { limitMs } = arming;
  return [await guestClient(machine, { argv: commandWords(only.client), limitMs, mostOutputBytes }, arming)];
}

/**
 * Has every client wait for one moment. Guests are armed one after another, each with what is left until then; several are readied before.
 * A client on this host starts when it is told to; several are started before that and wait at a gate.
 */
export async function clientsAtBarrier(clients: readonly FlowClient[], options: BarrierOptions): Promise<Barrier> {
  const { gateMs, prefix, folder, limitMs } = options;
  const parties = partiesOf(clients);
  const isAlone = parties.length === 1;
  using made = new DisposableStack();
  const isGated = !isAlone && parties.some(({ machine }) => machine === null);
  const gate = isGated ? made.use(await Gate.create(join(folder, 'gate'))) : null;
  await readied(parties);
  const startNs = monotonicNs() + (gateMs + (parties.length - 1) * armingMs) * 1e6;
  const runs = new Map<FlowClient, ClientRun>();
  for (const { machine, clients: own } of parties) {
    if (machine === null) {
      const [{ flow, client, load }] = own;
      if (flow.client.kind !== 'namespace') continue;
      const argv = [...prefix, ...commandWords(client)];
      const { mostOutputBytes } = load.workload;
      runs.set(own[0], await namespaceClient(flow.client.namespace, { argv, limitMs, mostOutputBytes }, gate));
    } else {
      const leftMs = isAlone ? gateMs : Math.max(gateMs, Math.round((startNs - monotonicNs()) / 1e6));
      const begun = await armed(machine, own, { gateMs: leftMs, isReady: !isAlone, limitMs });
      for (const [index, run] of begun.entries()) if (own[index] !== undefined) runs.set(own[index], run);
    }
  }
  await gate?.reached([...runs.values()].flatMap(({ pid }) => pid ?? []));
  const owned = made.move();
  return {
    runs: clients.flatMap((client) => runs.get(client) ?? []),
    [Symbol.dispose]: () => {
      owned.dispose();
    },
  };
}
