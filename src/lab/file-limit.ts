/**
 * The command with a bound on each file that it writes (RLIMIT_FSIZE): one that goes over it is ended by SIGXFSZ, before it has filled the disk.
 * `ulimit -f` counts in units of 512 bytes (POSIX, sh). It fails where a lower limit may not be raised (setrlimit(2)): then that one holds.
 */
export function withFileLimit(argv: readonly string[], mostBytes: number): string[] {
  return ['sh', '-c', 'ulimit -f "$0" 2>/dev/null; exec "$@"', String(Math.ceil(mostBytes / 512)), ...argv];
}
