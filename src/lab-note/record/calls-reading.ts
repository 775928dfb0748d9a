import type { ThreadRole } from '../../record/probe-readings.ts';
import type { CallTableReading, MapReading, ThreadTablesReading } from '../reading.ts';

/** An output of a tracer that counts system calls. */
export type CallsReading = MapReading | ThreadTablesReading | CallTableReading;

/** What the name of a thread says of its role and its VMM; null where it says nothing. */
export type RoleOf = (name: string) => { role: ThreadRole; vmm: string } | null;
