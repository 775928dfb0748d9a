import {
  type Cell,
  cellOf,
  type Fields,
  fieldMistakes,
  flagMistakes,
  type Matrix,
  readMatrix,
} from '../matrix/matrix.ts';
import { matrixVariants, type Variant } from '../matrix/variants.ts';
import { type Override, readOverride } from '../override.ts';
import type { ExperimentChoice, VariantChoice } from './choice.ts';
import { invalid, shapeMistakes } from './configurations.ts';
import { type ExperimentDocument, plainValue } from './document.ts';
import { matrixInFile } from './schema.ts';

/** What a file without a matrix has. */
const onlyVariant: Variant = { name: 'default', cells: [], mayRepeat: false };

function fieldsOf(cells: readonly Cell[]): Fields {
  return cells.map((cell) => ({ origin: cell.override.origin, cells: [cell] }));
}

/** The configurations that the command line gives. */
function givenVariants(
  document: ExperimentDocument,
  choices: readonly VariantChoice[],
  flags: readonly Override[],
): Variant[] {
  const variants = choices.map(({ name, overrides }) => ({
    name,
    cells: overrides.map((argument) => cellOf(document, readOverride(argument, `--${name}`))),
    mayRepeat: true,
  }));
  const mistakes = variants.flatMap(({ cells }) => {
    const fields = fieldsOf(cells);
    return [...fieldMistakes(document, fields), ...flagMistakes(document, flags, fields)];
  });
  if (mistakes.length > 0) throw invalid(mistakes);
  return variants;
}

/** Whether `matrix:` has the shape that it is read by. */
function isShaped(document: ExperimentDocument): boolean {
  const value = plainValue(document);
  const matrix: unknown = typeof value === 'object' && value !== null && 'matrix' in value ? value.matrix : null;
  return matrixInFile.nullable().safeParse(matrix).success;
}

/** All fields of a matrix that have values of their own in some configuration. */
function allFields({ factors, includes }: Matrix): Fields {
  return [...factors, ...fieldsOf(includes.flatMap(({ cells }) => cells))];
}

/**
 * The configurations that an experiment is to have, not checked yet: those of the command line, else of the matrix, else one.
 * @param flags what the command line has set in the document
 * @throws TapbenchError `EXPERIMENT_INVALID`
 */
export function variantsOf(
  document: ExperimentDocument,
  choice: ExperimentChoice,
  flags: readonly Override[],
): Variant[] {
  if (choice.variants !== undefined) return givenVariants(document, choice.variants, flags);
  if (!isShaped(document)) throw invalid(shapeMistakes(document));
  const matrix = readMatrix(document);
  if (matrix === null) return [onlyVariant];
  const { variants, mistakes } = matrixVariants(document, matrix);
  const all = [...mistakes, ...flagMistakes(document, flags, allFields(matrix))];
  if (all.length > 0) throw invalid(all);
  return variants;
}

/** Writes the configurations of the command line into the source, in place of the file's matrix. */
export function writeVariants({ yaml }: ExperimentDocument, variants: readonly Variant[]): void {
  const include = variants.map(({ name, cells }) => ({
    name,
    ...Object.fromEntries(cells.map(({ path, plain }) => [path, plain])),
  }));
  yaml.set('matrix', yaml.createNode({ include }));
}
