import type { Figure } from '../figure.ts';
import type { Connection, TransferReading } from '../reading.ts';

/** What arrived over all streams, as one end has it; null where no row says it. */
function bytesOf({ value: { totals } }: TransferReading): Figure | null {
  const received = totals.filter(({ end }) => end === 'receiver');
  const rows = received.length > 0 ? received : totals;
  const whole = rows.findLast(({ isSum }) => isSum) ?? (rows.length === 1 ? rows[0] : undefined);
  return whole?.bytes ?? null;
}

function networkOf(address: string): string {
  return address.slice(0, Math.max(address.lastIndexOf('.'), address.lastIndexOf(':')));
}

/** The one went where the other listens, which sees it come from another network. */
function isTranslated(client: Connection, server: Connection): boolean {
  const isTarget = client.remoteAddress === server.localAddress && client.remotePort === server.localPort;
  return isTarget && networkOf(client.localAddress) !== networkOf(server.remoteAddress);
}

/**
 * Whether a client's addresses were translated on the way (NAT), so that the two ends name no port of the client alike,
 * and are of one run all the same: the client went where the server listens, from another network than the server
 * sees, and both have the same bytes. Two runs of one length may have that, too: only for outputs that stand beside
 * each other.
 */
export function areTranslatedEnds(server: TransferReading, client: TransferReading): boolean {
  const [theirs, own] = [server.value.connections, client.value.connections];
  const [received, sent] = [bytesOf(server), bytesOf(client)];
  if (own.length === 0 || own.length !== theirs.length || received === null || sent === null) return false;
  const areSame = received.text === sent.text && server.tool.name === client.tool.name;
  return areSame && own.every((each) => theirs.every((other) => isTranslated(each, other)));
}
