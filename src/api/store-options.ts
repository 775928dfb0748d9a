/** Which store an operation is on. */
export interface StoreOptions {
  /** Folder of the runs; default: `TAPBENCH_STORE`, else the user's data folder. */
  readonly store?: string | undefined;
  /** Takes one line that the user should see: which run `latest` is, that the index was rebuilt, or can't be used. */
  readonly onNotice?: ((text: string) => void) | undefined;
}
