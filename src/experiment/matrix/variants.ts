import { isDeepStrictEqual } from 'node:util';
import type { ExperimentDocument } from '../file/document.ts';
import { suggestion } from '../file/nearest.ts';
import { mistakeOf, type PlacedMistake } from '../file/place.ts';
import { type Cell, type Factor, fieldMistakes, type Matrix, type MatrixEntry } from './matrix.ts';
import { configurationName, configurationNames } from './name.ts';

/** One configuration before it is checked: the file with these fields set. */
export interface Variant {
  readonly name: string;
  readonly cells: readonly Cell[];
  /** Whether it was asked for by name, and so may be the same as another. */
  readonly mayRepeat: boolean;
}

/** Configurations of one experiment: nobody reads a table of more, and a block of more takes hours. */
export const mostConfigurations = 256;
/** Combinations before `exclude`: more is a slip, and takes long to go through. */
const mostCombinations = 65_536;

function fieldsOf({ cells }: MatrixEntry): { origin: Cell['override']['origin']; cells: Cell[] }[] {
  return cells.map((cell) => ({ origin: cell.override.origin, cells: [cell] }));
}

function repeatedValues(document: ExperimentDocument, { cells }: Factor): PlacedMistake[] {
  const seen = new Set<string>();
  return cells.flatMap(({ plain, text, override }) => {
    const key = JSON.stringify(plain);
    if (seen.has(key)) return [mistakeOf(document, override.origin, `"${text}" is in this list twice`)];
    seen.add(key);
    return [];
  });
}

function excludeMistakes(document: ExperimentDocument, { factors, excludes }: Matrix): PlacedMistake[] {
  const known = factors.map(({ path }) => path);
  return excludes.flatMap((entry) => {
    if (entry.name !== null) return [mistakeOf(document, entry.origin, 'name: configurations are excluded by fields')];
    if (entry.cells.length === 0) return [mistakeOf(document, entry.origin, 'names no field: it would exclude all')];
    return entry.cells.flatMap((cell) => {
      const factor = factors.find(({ path }) => path === cell.path);
      const { origin } = cell.override;
      if (factor === undefined) {
        const what = known.length === 0 ? 'the matrix has no such field' : suggestion(cell.path, known);
        return [mistakeOf(document, origin, `no field of this matrix: ${what}`)];
      }
      if (factor.cells.some(({ plain }) => isDeepStrictEqual(plain, cell.plain))) return [];
      const values = factor.cells.map(({ text }) => text).join(', ');
      return [mistakeOf(document, origin, `"${cell.text}" is no value of matrix.${factor.path} (${values})`)];
    });
  });
}

function nameMistakes(document: ExperimentDocument, includes: readonly MatrixEntry[]): PlacedMistake[] {
  return includes.flatMap(({ origin, name }, index) => {
    if (name === null) return [];
    if (!configurationName.test(name)) {
      return [mistakeOf(document, origin, `name: "${name}": must be letters, digits, . - or _ (48 at most)`)];
    }
    const first = includes.findIndex((other) => other.name === name);
    const label = includes[first]?.origin.label ?? '';
    return first === index ? [] : [mistakeOf(document, origin, `name: "${name}" is already that of ${label}`)];
  });
}

/** What is wrong with a matrix by itself; what its values are is not looked at. */
function matrixMistakes(document: ExperimentDocument, matrix: Matrix): PlacedMistake[] {
  const { factors, includes, origin } = matrix;
  if (factors.length === 0 && includes.length === 0) {
    return [mistakeOf(document, origin, 'is empty: give it fields with lists of values, or an include')];
  }
  const count = factors.reduce((product, { cells }) => product * cells.length, 1);
  const tooMany =
    count > mostCombinations
      ? [mistakeOf(document, origin, `makes ${String(count)} combinations: at most ${String(mostCombinations)}`)]
      : [];
  return [
    ...tooMany,
    ...fieldMistakes(document, factors),
    ...factors.flatMap((factor) => repeatedValues(document, factor)),
    ...includes.flatMap((entry) => fieldMistakes(document, fieldsOf(entry))),
    ...excludeMistakes(document, matrix),
    ...nameMistakes(document, includes),
  ];
}

/** All combinations of one value of each factor; the last factor changes fastest. */
function combinations(factors: readonly Factor[]): Cell[][] {
  if (factors.length === 0) return [];
  return factors.reduce<Cell[][]>(
    (rows, { cells }) => rows.flatMap((row) => cells.map((cell) => [...row, cell])),
    [[]],
  );
}

function fits(entry: MatrixEntry, row: readonly Cell[]): boolean {
  return entry.cells.every(({ path, plain }) =>
    row.some((cell) => cell.path === path && isDeepStrictEqual(cell.plain, plain)),
  );
}

/** The configurations that a matrix makes, or what is wrong with it. */
export function matrixVariants(
  document: ExperimentDocument,
  matrix: Matrix,
): { variants: Variant[]; mistakes: PlacedMistake[] } {
  const mistakes = matrixMistakes(document, matrix);
  if (mistakes.length > 0) return { variants: [], mistakes };
  const { factors, excludes, includes, origin } = matrix;
  const all = combinations(factors);
  const useless = excludes.filter((entry) => !all.some((row) => fits(entry, row)));
  const kept = all.filter((row) => !excludes.some((entry) => fits(entry, row)));
  const rows = [
    ...kept.map((cells) => ({ cells, given: null })),
    ...includes.map(({ cells, name }) => ({ cells, given: name })),
  ];
  const wrong = useless.map((entry) => mistakeOf(document, entry.origin, 'fits no combination'));
  if (rows.length === 0) wrong.push(mistakeOf(document, origin, 'every combination is excluded'));
  if (rows.length > mostConfigurations) {
    const what = `makes ${String(rows.length)} configurations: at most ${String(mostConfigurations)}`;
    wrong.push(mistakeOf(document, origin, what));
  }
  if (wrong.length > 0) return { variants: [], mistakes: wrong };
  const names = configurationNames(rows.map(({ cells, given }) => ({ parts: cells, given })));
  const variants = rows.map(({ cells, given }, index) => ({
    name: names[index] ?? '',
    cells,
    mayRepeat: given !== null,
  }));
  return { variants, mistakes: [] };
}
