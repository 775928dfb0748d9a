/**
 * The command with a bound on each file that it writes (RLIMIT_FSIZE): one that goes over it is ended by SIGXFSZ, before it has filled the disk.
 * `ulimit -f` counts in units of 512 bytes (POSIX, sh).
 */
export function withFileLimit(argv: readonly string[], mostBytes: number): string[] {
  return ['sh', '-c', 'ulimit -f "$0" && exec "$@"', String(Math.ceil(mostBytes / 512)), ...argv];
}
