/** One cell of a table: what was counted, and what is demanded of it. */
export interface Cell {
  readonly table: string;
  readonly row: string;
  readonly column: string;
  /** Experiments in which it was so. */
  readonly hits: number;
  readonly experiments: number;
  /** Null where nothing is demanded. */
  readonly demand: Demand | null;
}

export interface Demand {
  readonly least: number;
  readonly most: number;
  /** True where the rate is at its bound by design, as a test's at 0.05: two standard deviations of the simulation itself are then allowed. */
  readonly isAtBound: boolean;
}

export const atMost5: Demand = { least: 0, most: 0.05, isAtBound: false };
export const nominal5: Demand = { least: 0, most: 0.05, isAtBound: true };
export const covers: Demand = { least: 0.93, most: 0.97, isAtBound: false };

export function rateOf({ hits, experiments }: Cell): number {
  return hits / experiments;
}

/** Standard deviation of a simulated rate. */
export function errorOf(cell: Cell): number {
  const rate = rateOf(cell);
  return Math.sqrt((rate * (1 - rate)) / cell.experiments);
}

/** With fewer experiments a rate is too rough for its bound: a quick run then only finds gross faults, at three standard deviations. */
const fullSize = 2_000;

export function isMissed(cell: Cell): boolean {
  if (cell.demand === null) return false;
  const slack = (cell.experiments < fullSize ? 3 : cell.demand.isAtBound ? 2 : 0) * errorOf(cell);
  const rate = rateOf(cell);
  return rate < cell.demand.least - slack || rate > cell.demand.most + slack;
}

/** Counts of several things over the same experiments. */
export class Tally {
  readonly #hits = new Map<string, number>();
  readonly #experiments: number;

  constructor(experiments: number) {
    this.#experiments = experiments;
  }

  count(column: string, isHit: boolean): void {
    this.#hits.set(column, (this.#hits.get(column) ?? 0) + (isHit ? 1 : 0));
  }

  cells(table: string, row: string, demands: Readonly<Record<string, Demand>>): Cell[] {
    return [...this.#hits].map(([column, hits]) => ({
      table,
      row,
      column,
      hits,
      experiments: this.#experiments,
      demand: demands[column] ?? null,
    }));
  }
}
