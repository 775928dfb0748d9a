import { type JsonNode, member, stringOf } from '../json-text.ts';
import type { AnyReading } from '../reading.ts';
import { BpftraceJson } from './bpftrace-json.ts';
import { type Iperf3Parts, iperf3Document, iperf3Readings, type JsonPlace } from './iperf3-json.ts';

const streamEvents = ['start', 'interval', 'end', 'error', 'server_output_text', 'server_output_json', 'omit_end'];

class Iperf3Stream {
  readonly #lines: number[] = [];
  readonly #intervals: JsonNode[] = [];
  #start: JsonNode | null = null;
  #end: JsonNode | null = null;
  #error: string | null = null;
  #serverText: Iperf3Parts['serverText'] = null;

  /** @returns false where the event opens a further run */
  take(event: string, node: JsonNode, lines: readonly number[]): boolean {
    const data = member(node, 'data');
    if (event === 'start' && (this.#start !== null || this.#intervals.length > 0)) return false;
    if (event === 'start') this.#start = data;
    if (event === 'interval' && data !== null) this.#intervals.push(data);
    if (event === 'end') this.#end = data;
    if (event === 'error') this.#error = stringOf(data);
    const text = event === 'server_output_text' ? stringOf(data) : null;
    if (text !== null) this.#serverText = { text, line: node.line };
    for (const line of lines) this.#lines.push(line);
    return true;
  }

  readings(): AnyReading[] {
    const parts = {
      start: this.#start,
      intervals: this.#intervals,
      end: this.#end,
      error: this.#error,
      serverText: this.#serverText,
    };
    return iperf3Readings(parts, { lines: this.#lines, isCut: this.#end === null });
  }
}

/** Gathers what stands in JSON: iperf3 documents, iperf3 event lines, bpftrace lines. */
export class JsonOutputs {
  readonly #readings: AnyReading[] = [];
  #stream: Iperf3Stream | null = null;
  #bpftrace: BpftraceJson | null = null;

  /** @returns false where the value is no output of a tool that is known */
  take(node: JsonNode, place: JsonPlace): boolean {
    const event = stringOf(member(node, 'event'));
    if (event !== null && streamEvents.includes(event) && member(node, 'data') !== null) {
      this.#takeEvent(event, node, place.lines);
      return true;
    }
    const type = stringOf(member(node, 'type'));
    if (type !== null && member(node, 'data') !== null) {
      if (type === 'attached_probes') this.close();
      this.#bpftrace ??= new BpftraceJson();
      return this.#bpftrace.take(type, node, place.lines);
    }
    const document = iperf3Document(node);
    if (document === null) return false;
    this.close();
    this.#readings.push(...iperf3Readings(document, place));
    return true;
  }

  #takeEvent(event: string, node: JsonNode, lines: readonly number[]): void {
    this.#stream ??= new Iperf3Stream();
    if (this.#stream.take(event, node, lines)) return;
    this.close();
    this.#stream = new Iperf3Stream();
    this.#stream.take(event, node, lines);
  }

  /** Ends what is open: another output has begun. */
  close(): void {
    if (this.#stream !== null) this.#readings.push(...this.#stream.readings());
    const maps = this.#bpftrace?.finish() ?? null;
    if (maps !== null) this.#readings.push(maps);
    this.#stream = null;
    this.#bpftrace = null;
  }

  finish(): readonly AnyReading[] {
    this.close();
    return this.#readings;
  }
}
