import { systemCallNames } from '../../record/system-call-table.ts';

/** A system call as a key or a table of a note names it. */
export interface NotedCall {
  readonly name: string;
  readonly request: string | null;
}

const known: ReadonlySet<string> = new Set(systemCallNames.values());
/** What tracers put before the name: a tracepoint of `syscalls`, the kernel's own function, a namespace of a probe. */
const prefix =
  /^(?:(?:tracepoint|t|k(?:ret)?probe|k(?:ret)?func|f(?:entry|exit)):)?(?:vmlinux:)?(?:syscalls:)?(?:sys_(?:enter|exit)_|__(?:x64|arm64|se)_sys_|ksys_|sys_)?/;
/** Calls of other processors and kernels than the table's. */
const elsewhere: ReadonlySet<string> = new Set([
  'renameat',
  'fstatat',
  'sync_file_range2',
  'mmap2',
  'fcntl64',
  'fstat64',
]);
const request = /^(?:[A-Z][A-Z0-9_]{2,40}|0x[\da-f]{1,8})$/;

/** @returns null where the text names no system call */
export function notedCall(text: string): NotedCall | null {
  if (text.length > 120) return null;
  const [head = '', operation, ...more] = text.replace(prefix, '').split(' ');
  const numbered = /^syscall_\d{1,5}$/.test(head);
  if (more.length > 0 || (!known.has(head) && !elsewhere.has(head) && !numbered)) return null;
  if (operation === undefined) return { name: head, request: null };
  return (head === 'ioctl' || head === 'futex') && request.test(operation) ? { name: head, request: operation } : null;
}

/** The call of a number in the kernel's table of x86_64. */
export function numberedCall(text: string): NotedCall | null {
  if (!/^\d{1,4}$/.test(text)) return null;
  return { name: systemCallNames.get(Number(text)) ?? `syscall_${text}`, request: null };
}
