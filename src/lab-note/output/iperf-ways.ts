import type { Connection, Transfer, TransferRow } from '../reading.ts';

/** What iperf 2 listens on unless it is told otherwise. */
const usualPort = 5001;

/** What tells the two ways of `iperf -d` and `-r` apart. */
export interface WaysSource {
  readonly connections: readonly Connection[];
  /** Ports that the output says somebody listens on. */
  readonly listening: ReadonlySet<number>;
  /** Line of the first row; Infinity where there is none. */
  readonly firstRow: number;
}

/** Streams of a run both ways, each on a connection of its own. */
export interface Ways {
  readonly roles: ReadonlyMap<string, NonNullable<TransferRow['role']>>;
  /** `both`: at once (`-d`); `in-turn`: one after the other (`-r`); null: the run has one way. */
  readonly direction: Extract<Transfer['direction'], 'both' | 'in-turn'> | null;
}

const oneWay: Ways = { roles: new Map(), direction: null };

/** iperf 2 makes a second connection for the way back, to a port that its client listens on. */
export function waysOf({ connections, listening, firstRow }: WaysSource): Ways {
  const ports = listening.size === 0 ? new Set([usualPort]) : listening;
  const isListening = (port: number | null): boolean => port !== null && ports.has(port);
  const told = connections.flatMap((each) => {
    const [isOut, isIn] = [isListening(each.remotePort), isListening(each.localPort)];
    return isOut === isIn ? [] : [{ ...each, isOut }];
  });
  const [first] = told;
  if (first === undefined || told.every(({ isOut }) => isOut === first.isOut)) return oneWay;
  // The first connection is the one that the client makes.
  const side = first.isOut ? 'C' : 'S';
  const roles = new Map(told.map(({ stream, isOut }) => [stream, `${isOut ? 'TX' : 'RX'}-${side}`] as const));
  return { roles, direction: told.every(({ line }) => line < firstRow) ? 'both' : 'in-turn' };
}
