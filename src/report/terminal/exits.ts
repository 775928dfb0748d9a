import { type ExitRate, exitRates } from '../measurement/exit-rates.ts';
import type { WorkloadGroup } from '../measurement/figures.ts';
import type { Paint } from '../text/paint.ts';
import { printable } from '../text/printable.ts';
import { wrapped } from '../text/table.ts';
import { formatCount, formatNumber } from '../text/units.ts';
import type { Look } from '../text/wrap.ts';

/** Reasons, devices and counters that are shown of each list. */
const mostShown = 8;

function rateLines(label: string, rates: readonly ExitRate[], columns: number): string[] {
  if (rates.length === 0) return [];
  const shown = rates.slice(0, mostShown).map(({ name, perUnit }) => `${printable(name)} ${formatNumber(perUnit)}`);
  const more = rates.length > mostShown ? [`(+${String(rates.length - mostShown)} rarer)`] : [];
  const words = [...shown, ...more].map((word, index, all) => (index < all.length - 1 ? `${word},` : word));
  return wrapped(words, columns, { first: `    ${label.padEnd(9)}`, rest: ' '.repeat(13) });
}

const titles = { kvmExits: 'KVM exits', vmmCounters: 'VMM counters' } as const;

/** Why a part is not there, once a reason; nothing where no measurement says it. */
function absence(group: WorkloadGroup, part: keyof typeof titles, { columns, paint }: Look): string[] {
  const title = titles[part];
  const reasons = new Set(group.measurements.flatMap(({ measurement }) => measurement.notMeasured[part] ?? []));
  return [...reasons].flatMap((reason) =>
    wrapped(printable(`${title}: ${group.spec.name}: not measured: ${reason}`).split(' '), columns, {
      first: '',
      rest: '  ',
    }).map(paint.faint),
  );
}

/** Why the guest was left, by thread, for a unit of work; why not where KVM's exits were not counted. */
export function exitLines(group: WorkloadGroup, columns: number, paint: Paint): string[] {
  const rates = exitRates(group);
  if (rates === null) return absence(group, 'kvmExits', { columns, paint });
  return [
    paint.heading(`KVM exits a ${rates.unit}: ${printable(group.names.join(' '))}`),
    ...rates.threads.flatMap(({ thread, exits, userspaceExits }) => [
      `  ${paint.strong(printable(thread))}`,
      ...rateLines('all', exits, columns),
      ...rateLines('to VMM', userspaceExits, columns),
    ]),
    ...(rates.accesses.length === 0 ? [] : ['  accesses', ...rateLines('device', rates.accesses, columns)]),
  ];
}

/** What the VMM itself counted, of the first boot that has it. */
export function counterLines(group: WorkloadGroup, columns: number, paint: Paint): string[] {
  const counters = group.measurements.find(({ measurement }) => measurement.vmmCounters !== null)?.measurement
    .vmmCounters;
  if (counters === null || counters === undefined) return absence(group, 'vmmCounters', { columns, paint });
  const words = Object.entries(counters.counters).map(([name, value]) => `${printable(name)} ${formatCount(value)}`);
  const shown = [
    ...words.slice(0, mostShown),
    ...(words.length > mostShown ? [`(+${String(words.length - mostShown)} more)`] : []),
  ];
  return [
    `${paint.heading(`VMM counters: ${printable(group.names.join(' '))}`)}  ${paint.faint(printable(counters.source))}`,
    ...wrapped(
      shown.map((word, index, all) => (index < all.length - 1 ? `${word},` : word)),
      columns,
      { first: '    ', rest: '    ' },
    ),
  ];
}
