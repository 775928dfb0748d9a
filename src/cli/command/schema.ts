import { experimentJsonSchema } from '../../experiment/json-schema.ts';
import { jsonText } from '../../report/text/printable.ts';
import { print } from '../output.ts';

/** `tapbench schema` */
export async function schemaCommand(): Promise<void> {
  await print(jsonText(experimentJsonSchema(), 2));
}
