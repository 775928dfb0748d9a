#!/usr/bin/env node
// Nothing is imported before the version is known: an older Node fails on the syntax of what follows, without saying why.
const oldestNode = 24;

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader that has seen enough (`tapbench list | head`) ends us quietly.
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

if (Number.parseInt(process.versions.node, 10) < oldestNode) {
  process.stderr.write(`tapbench: needs Node ${String(oldestNode)} or newer, and this is ${process.versions.node}\n`);
  process.exitCode = 3;
} else {
  const { main } = await import('./start.ts');
  process.exitCode = await main(process.argv);
}
