import { z } from 'zod';

/** A switch in an experiment: `on` and `off` as in its other fields, or `true` and `false`. */
export const onOff = z.union([z.boolean(), z.enum(['on', 'off']).transform((word) => word === 'on')], {
  error: 'must be on or off',
});
