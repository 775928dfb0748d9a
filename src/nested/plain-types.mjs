// Loaded before tapbench in the level-one machine, where its TypeScript files have no types any more: Node need not strip them again, which
// it does with WebAssembly: seconds on an emulated processor.
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

registerHooks({
  load: (url, context, next) =>
    url.endsWith('.ts')
      ? { format: 'module', source: readFileSync(fileURLToPath(url)), shortCircuit: true }
      : next(url, context),
});
