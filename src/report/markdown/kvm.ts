import type { Measurement } from '../../record/measurement.ts';
import { type ExitRate, exitRatesOf } from '../measurement/exit-rates.ts';
import { formatCount, formatNumber } from '../text/units.ts';
import { markdownTable, markdownText } from './escape.ts';

function rateRows(thread: string, what: string, rates: readonly ExitRate[]): string[][] {
  return rates.map(({ name, perUnit }) => [markdownText(thread), what, markdownText(name), formatNumber(perUnit)]);
}

/** `### KVM exits`: by thread and reason, and the devices that were reached for; nothing where they were not counted. */
export function exitSection({ kvmExits }: Measurement): string[] {
  if (kvmExits === null) return [];
  const rates = exitRatesOf([kvmExits]);
  if (rates === null) return [];
  const rows = [
    ...rates.threads.flatMap(({ thread, exits, userspaceExits }) => [
      ...rateRows(thread, 'exit', exits),
      ...rateRows(thread, 'exit to the VMM', userspaceExits),
    ]),
    ...rateRows('all', 'access', rates.accesses),
  ];
  const header = ['thread', 'what', 'reason or device', `per ${rates.unit}`];
  return ['', '### KVM exits', '', rows.length === 0 ? 'None.' : markdownTable(header, rows)];
}

/** `### VMM counters`: what the VMM itself says; nothing where it was not read. */
export function counterSection({ vmmCounters }: Measurement): string[] {
  if (vmmCounters === null) return [];
  const rows = Object.entries(vmmCounters.counters).map(([name, value]) => [markdownText(name), formatCount(value)]);
  return [
    '',
    '### VMM counters',
    '',
    `From ${markdownText(vmmCounters.source)}.`,
    ...(rows.length === 0 ? [] : ['', markdownTable(['counter', 'change'], rows)]),
  ];
}
