/** A request to the HTTP API of a VMM on a Unix socket. */
export interface ApiRequest {
  /** Path of the Unix socket. */
  readonly socket: string;
  readonly method: 'GET' | 'PUT';
  readonly path: string;
  /** JSON; null for none. */
  readonly body: string | null;
}

/** How a VMM's own counters are had. */
export interface CounterSource {
  /** In words, for the record. */
  readonly source: string;
  readonly request: ApiRequest;
  /** The file that the VMM appends a line to when it is asked, and perhaps by itself too; null: the answer is that of the request. */
  readonly file: string | null;
  /** `total`: since the start of the VMM; `since-last`: since the answer before, or the line before. */
  readonly counts: 'total' | 'since-last';
  /** Counters of the network card by the VMM's own name. @throws ParseError */
  read(text: string): Record<string, number>;
  /** Which of them count what crossed the card, seen from the guest; null: it has no such counter. */
  readonly names: Readonly<Record<'fromGuest' | 'toGuest', { packets: string | null; bytes: string | null }>>;
}
