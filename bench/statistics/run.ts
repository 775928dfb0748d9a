import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { type Cell, errorOf, isMissed, rateOf } from './cell.ts';
import { simulations } from './simulations.ts';

/** What the statistics are worth, by simulation: false alarms, coverage, power. Exit status 1 where a demand is missed. */
const { values } = parseArgs({
  options: {
    experiments: { type: 'string', default: '2000' },
    workers: { type: 'string', default: String(Math.min(2, availableParallelism())) },
    /** Only simulations whose name contains this. */
    match: { type: 'string', default: '' },
  },
});
const experiments = Number(values.experiments);

interface Answer {
  readonly index: number;
  readonly cells: readonly Cell[];
}

/** Hands out the simulations one by one until none is left. */
async function allCells(): Promise<Cell[]> {
  const chosen = [...simulations.entries()].filter(([, { name }]) => name.includes(values.match));
  const waiting = chosen.map(([index]) => index);
  const answers = new Map<number, readonly Cell[]>();
  const worked = Array.from({ length: Number(values.workers) }, async () => {
    const worker = new Worker(new URL('worker.ts', import.meta.url), { workerData: experiments });
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const hand = (): void => {
      const next = waiting.shift();
      if (next === undefined) resolve(undefined);
      else worker.postMessage(next);
    };
    worker.on('error', reject);
    worker.on('message', ({ index, cells }: Answer) => {
      answers.set(index, cells);
      process.stderr.write(`${answers.size} of ${chosen.length}: ${simulations[index]?.name ?? ''}\n`);
      hand();
    });
    hand();
    await promise.finally(async () => await worker.terminate());
  });
  await Promise.all(worked);
  return chosen.flatMap(([index]) => answers.get(index) ?? []);
}

function textOf(cell: Cell | undefined): string {
  if (cell === undefined) return '';
  const text = `${(rateOf(cell) * 100).toFixed(1)} %`;
  return isMissed(cell) ? `**${text} (missed)**` : text;
}

function tableOf(title: string, cells: readonly Cell[]): string {
  const columns = [...new Set(cells.map((cell) => cell.column))];
  const rows = Map.groupBy(cells, (cell) => cell.row);
  const body = [...rows].map(
    ([row, ofRow]) =>
      `| ${row} | ${columns.map((column) => textOf(ofRow.find((cell) => cell.column === column))).join(' | ')} |`,
  );
  const demands = columns.map((column) => {
    const demand = cells.find((cell) => cell.column === column && cell.demand !== null)?.demand;
    if (demand === undefined || demand === null) return '';
    return demand.least > 0 ? `${demand.least * 100} to ${demand.most * 100} %` : `at most ${demand.most * 100} %`;
  });
  const demanded = demands.some((text) => text !== '') ? [`| *demanded* | ${demands.join(' | ')} |`] : [];
  const largest = Math.max(...cells.map(errorOf)) * 100;
  return [
    `### ${title}`,
    '',
    `Of ${cells[0]?.experiments ?? 0} experiments a row; the simulation's own standard deviation is at most ${largest.toFixed(1)} %.`,
    '',
    `| | ${columns.join(' | ')} |`,
    `|---|${columns.map(() => '--:').join('|')}|`,
    ...body,
    ...demanded,
    '',
  ].join('\n');
}

const cells = await allCells();
for (const [title, ofTable] of Map.groupBy(cells, (cell) => cell.table)) console.log(tableOf(title, ofTable));
const missed = cells.filter(isMissed);
console.log(`${cells.filter(({ demand }) => demand !== null).length} demands, ${missed.length} missed`);
for (const { table, row, column } of missed) console.log(`missed: ${table}: ${row}: ${column}`);
if (cells.length === 0 || missed.length > 0) process.exitCode = 1;
