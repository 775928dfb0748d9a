#!/usr/bin/env node
// Nothing is imported before the version is known: an older Node fails on the syntax of what follows, without saying why.
const oldestNode = 24;

// Who writes is told by the write itself, and says so on stderr; where that can't be written either, the exit status is left.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

// A file that would grow over `ulimit -f` is an error of its write (EFBIG), after which nothing half-written is left.
process.on('SIGXFSZ', () => undefined);

// Whoever has something to take down does so by `interrupts()`; the others end here, with the documented status, also before they have begun.
const interrupted = 130;
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => {
    if (process.listenerCount(name) === 1) process.exit(interrupted);
  });
}

if (Number.parseInt(process.versions.node, 10) < oldestNode) {
  process.stderr.write(`tapbench: needs Node ${String(oldestNode)} or newer, and this is ${process.versions.node}\n`);
  process.exitCode = 3;
} else {
  await import('./quick-imports.ts');
  const { main } = await import('./start.ts');
  process.exitCode = await main(process.argv);
}
