import { type FigureSource, figure, unit } from '../figure.ts';
import type { LatencySpreadFigures } from '../reading.ts';
import type { TextLine } from '../text-lines.ts';

const pattern =
  /mean-ad=(\d+\.\d+), median-ad=(\d+\.\d+), siqr=(\d+\.\d+), cv=(\d+\.\d+), std-error=(\d+\.\d+), (\d+\.\d+)% ci=\[(-?\d+\.\d+), (-?\d+\.\d+)\]/;

/** The spread figures that sockperf prints since 3.8; null where the line lacks one of them. */
export function readSpread({ text, number: line }: TextLine): LatencySpreadFigures | null {
  const match = pattern.exec(text);
  if (match === null) return null;
  const at = (group: number, more: Partial<FigureSource> = { unit: unit.microseconds }) =>
    figure({ digits: match[group] ?? '', line, ...more });
  const meanAbsoluteDeviationNs = at(1);
  const medianAbsoluteDeviationNs = at(2);
  const semiInterquartileRangeNs = at(3);
  const coefficientOfVariation = at(4, {});
  const standardErrorNs = at(5);
  const confidencePercent = at(6, {});
  const confidenceLowNs = at(7);
  const confidenceHighNs = at(8);
  if (
    meanAbsoluteDeviationNs === null ||
    medianAbsoluteDeviationNs === null ||
    semiInterquartileRangeNs === null ||
    coefficientOfVariation === null ||
    standardErrorNs === null ||
    confidencePercent === null ||
    confidenceLowNs === null ||
    confidenceHighNs === null
  )
    return null;
  return {
    meanAbsoluteDeviationNs,
    medianAbsoluteDeviationNs,
    semiInterquartileRangeNs,
    coefficientOfVariation,
    standardErrorNs,
    confidencePercent,
    confidenceLowNs,
    confidenceHighNs,
  };
}
