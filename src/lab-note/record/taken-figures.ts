import type { Figure } from '../figure.ts';

/** Takes figures into a record, and remembers how they were rounded and on which lines they stood. */
export class TakenFigures {
  /** Field to half a unit of the last printed digit, in the field's unit; exact figures are not in it. */
  readonly rounding: Record<string, number> = {};
  readonly lines = new Set<number>();

  /** @returns null where there is no figure, or it is negative: no field of a record that comes from here can be */
  take(path: string, figure: Figure | null | undefined, scale = 1): number | null {
    if (figure === null || figure === undefined || figure.value < 0) return null;
    return this.takeSigned(path, figure, scale);
  }

  takeSigned(path: string, { value, halfUnit, line }: Figure, scale = 1): number {
    this.lines.add(line);
    if (halfUnit > 0) this.rounding[path] = halfUnit * scale;
    return value * scale;
  }
}
