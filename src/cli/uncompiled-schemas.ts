import { z } from 'zod';

/**
 * zod compiles each schema when it is used first. For the few records of a run that takes longer than it wins: 13 against 5 ms for a header, 12
 * against 2 ms for a trial. Imported before any schema, which asks for this when it is made.
 */
z.config({ jitless: true });
