import { formatNumber, formatRate, formatShare, formatSize, formatTime } from './units.ts';

export type Format = (value: number) => string;

/** How the values of a metric are written, by its unit in the record; a share as a percentage. */
export function formatOf(unit: string, name: string): Format {
  if (unit === 'bit/s') return formatRate;
  if (unit === 'ns') return formatTime;
  if (unit === 'B') return formatSize;
  return name.endsWith('Share') ? formatShare : formatNumber;
}

function unitOf(text: string): string {
  return text.includes(' ') ? text.slice(text.indexOf(' ')) : '';
}

/** Two ends without their unit where it is that of the figure, which stands beside them. */
function endsOf(figure: string, ends: readonly string[]): string[] {
  const unit = unitOf(figure);
  const isShared = unit !== '' && ends.every((end) => unitOf(end) === unit);
  return isShared ? ends.map((end) => end.slice(0, -unit.length)) : [...ends];
}

/** `2.31 .. 2.40`: least and greatest, the unit only where the ends don't have that of the figure. */
export function rangeText(figure: string, ends: readonly [low: string, high: string]): string {
  return endsOf(figure, ends).join(' .. ');
}

/** `[2.31, 2.40]`: an interval, the unit as with a range. */
export function intervalText(figure: string, ends: readonly [low: string, high: string]): string {
  return `[${endsOf(figure, ends).join(', ')}]`;
}
