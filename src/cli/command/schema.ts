import { experimentJsonSchema } from '../../experiment/json-schema.ts';
import { print } from '../output.ts';

/** `tapbench schema` */
export async function schemaCommand(): Promise<void> {
  await print(JSON.stringify(experimentJsonSchema(), null, 2));
}
