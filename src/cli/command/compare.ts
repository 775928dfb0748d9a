import { z } from 'zod';
import { compare } from '../../api/compare.ts';
import { compareOptionsOf, comparisonOptions, readSeed } from '../comparison-options.ts';
import { comparisonDocument, gateError } from '../comparison-output.ts';
import { notice } from '../filter-options.ts';
import { readOptions } from '../options.ts';
import { complainOfDamaged, print, writeDocument } from '../output.ts';

const schema = comparisonOptions.extend({
  seed: z.string().optional(),
  output: z.string().optional(),
  store: z.string().optional(),
});

/** `tapbench compare`: exit 1 where a gate fails, 5 where one can't be told. */
export async function compareCommand(texts: readonly string[], given: object): Promise<void> {
  const options = readOptions(schema, given);
  const { output, store, format } = options;
  const { comparison, damaged } = await compare(texts, {
    ...compareOptionsOf(options, readSeed(options.seed)),
    store,
    onNotice: notice,
  });
  const document = comparisonDocument(comparison, format, output !== undefined);
  if (output === undefined) await print(document);
  else await writeDocument(output, document);
  complainOfDamaged(damaged);
  const error = gateError(comparison.gates);
  if (error !== null) throw error;
}
