import type { JsonNode } from '../json-text.ts';

/** Text of several lines that stands as one string in JSON: what another program wrote of a tool's output. */
export interface JsonString {
  readonly text: string;
  readonly line: number;
}

/** The strings of a JSON value that have several lines, each text once. */
export function multilineStrings(node: JsonNode): JsonString[] {
  const found = new Map<string, JsonString>();
  const look = (each: JsonNode): void => {
    if (each.kind === 'string' && /[\r\n]/.test(each.value) && !found.has(each.value))
      found.set(each.value, { text: each.value, line: each.line });
    if (each.kind === 'array') each.items.forEach(look);
    if (each.kind === 'object') [...each.entries.values()].forEach(look);
  };
  look(node);
  return [...found.values()];
}
