/** A store, and what reads it. */
export interface IndexPlace {
  readonly storeFolder: string;
  /** Version of tapbench: an index that another one wrote is rebuilt. */
  readonly readerVersion: string;
  /** Takes one line that the user should see: that the index was rebuilt, or can't be used. */
  readonly onNotice: (text: string) => void;
}
