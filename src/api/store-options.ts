/** Which store an operation is on. */
export interface StoreOptions {
  /** Folder of the runs; default: `TAPBENCH_STORE`, else the user's data folder. */
  readonly store?: string | undefined;
}
