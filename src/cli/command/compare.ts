import { writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { compare } from '../../api/compare.ts';
import { storeFailed } from '../../store/store-error.ts';
import { compareOptionsOf, comparisonOptions, readSeed } from '../comparison-options.ts';
import { comparisonDocument, gateError } from '../comparison-output.ts';
import { readOptions } from '../options.ts';
import { complainOfDamaged, print } from '../output.ts';

const schema = comparisonOptions.extend({
  seed: z.string().optional(),
  output: z.string().optional(),
  store: z.string().optional(),
});

/** `tapbench compare`: exit 1 where a gate fails, 5 where one can't be told. */
export async function compareCommand(texts: readonly string[], given: object): Promise<void> {
  const options = readOptions(schema, given);
  const { output, store, format } = options;
  const { comparison, damaged } = await compare(texts, { ...compareOptionsOf(options, readSeed(options.seed)), store });
  const document = comparisonDocument(comparison, format, output !== undefined);
  if (output === undefined) await print(document);
  else {
    await writeFile(output, document).catch((cause: unknown) => {
      throw storeFailed(`${output} can't be written`, cause);
    });
  }
  complainOfDamaged(damaged);
  const error = gateError(comparison.gates);
  if (error !== null) throw error;
}
