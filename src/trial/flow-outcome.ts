import { join } from 'node:path';
import type { TapbenchError } from '../record/error.ts';
import type { CommandRecord } from '../record/measurement.ts';
import { writeRawFile } from '../store/raw-file.ts';
import type { ClientCommand, RawOutput, ServerCommand } from '../workload/workload.ts';
import type { ClientRun, Collected } from './client-run.ts';
import { brokenEnd, endName, type Flow } from './flows.ts';
import type { Load } from './load.ts';
import type { Server } from './serve.ts';
import type { FlowTraffic } from './traffic.ts';

/** What is run for one flow, and where its raw files go. */
export interface FlowCommands {
  readonly flow: Flow;
  readonly load: Load;
  /** null: the kernel answers by itself. */
  readonly server: ServerCommand | null;
  readonly client: ClientCommand;
  /** Folder, relative to the trial's. */
  readonly part: string;
}

/** A flow whose server listens and whose client waits or runs. */
export interface RunningFlow extends FlowCommands {
  readonly serving: Server | null;
  readonly run: ClientRun;
}

/** A flow whose traffic has ended. */
export interface EndedFlow extends RunningFlow {
  readonly traffic: FlowTraffic;
}

/** A flow whose client has ended and left something. */
export interface CollectedFlow extends EndedFlow {
  readonly collected: Collected;
}

/** A flow that left nothing, and why. */
export interface FlowFailure {
  readonly flow: Flow;
  readonly load: Load;
  readonly failure: TapbenchError;
}

/** What one flow left. */
export interface FlowOutcome {
  readonly flow: Flow;
  readonly load: Load;
  readonly raw: RawOutput;
  readonly commands: { readonly server: CommandRecord | null; readonly client: CommandRecord };
  readonly traffic: FlowTraffic;
}

/** Raw output that is kept of a flow, relative to the trial's folder. */
export function filesOf({ commands: { server, client } }: Pick<FlowOutcome, 'commands'>): string[] {
  return [...(server?.files ?? []), ...client.files];
}

/** Waits for the client and brings what it left; a failure where a guest of its flow is gone. */
export async function collected(ended: EndedFlow, trialFolder: string): Promise<CollectedFlow | FlowFailure> {
  const { flow, load, client, part, run } = ended;
  try {
    const broken = brokenEnd(flow);
    if (broken !== null) return { flow, load, failure: broken };
    return { ...ended, collected: await run.collect(client.outputs, join(trialFolder, part)) };
  } catch (error) {
    const broken = brokenEnd(flow);
    if (broken === null) throw error;
    return { flow, load, failure: broken };
  }
}

/** Keeps what the tools printed, word for word; gives the names relative to the trial's folder. */
function keepRaw(
  { part, collected: { output } }: CollectedFlow,
  trialFolder: string,
  serverText: string,
): { server: string[]; client: string[] } {
  const keep = (name: string, text: string): string[] => {
    if (text === '') return [];
    const relative = join(part, name);
    writeRawFile(join(trialFolder, relative), text);
    return [relative];
  };
  return {
    server: keep('server.stdout', serverText),
    client: [
      ...keep('client.stdout', output.stdout),
      ...keep('client.stderr', output.stderr),
      ...Object.keys(output.files).map((name) => join(part, name)),
    ],
  };
}

/** Stops the server; what its flow left is kept then. */
export async function outcomeOf(
  ended: CollectedFlow | FlowFailure,
  trialFolder: string,
): Promise<FlowOutcome | FlowFailure> {
  if ('failure' in ended) return ended;
  const { flow, load, server, client, serving, traffic } = ended;
  const { output } = ended.collected;
  const served = (await serving?.stop()) ?? null;
  const files = keepRaw(ended, trialFolder, served?.stdout ?? '');
  const told = {
    endpoint: endName(flow.client),
    argv: [...client.argv],
    exitStatus: output.exitStatus,
    files: files.client,
  };
  if (server === null || served === null) {
    return { flow, load, raw: output, traffic, commands: { server: null, client: told } };
  }
  const { exitStatus, stdout } = served;
  return {
    flow,
    load,
    raw: { ...output, serverStdout: stdout },
    traffic,
    commands: {
      server: { endpoint: endName(flow.server), argv: [...server.argv], exitStatus, files: files.server },
      client: told,
    },
  };
}
