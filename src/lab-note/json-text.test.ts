import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JsonNode, member, membersNamed, readJsonText } from './json-text.ts';

/** The value that the nodes stand for. */
function valueOf(node: JsonNode | null): unknown {
  switch (node?.kind) {
    case undefined:
      return undefined;
    case 'number':
      return Number(node.text);
    case 'string':
    case 'literal':
      return node.value;
    case 'array':
      return node.items.map(valueOf);
    case 'object':
      return Object.fromEntries([...node.entries].map(([key, each]) => [key, valueOf(each)]));
  }
}

function read(text: string): { value: unknown; end: number; isWhole: boolean } {
  const { node, end, isWhole } = readJsonText(text, { place: 0, line: 1 });
  return { value: valueOf(node), end, isWhole };
}

describe('readJsonText', () => {
  it('reads what JSON.stringify writes, and says where it ends', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), fc.boolean(), (value, isIndented) => {
        const text = JSON.stringify([value], null, isIndented ? 2 : 0);
        // JSON has no __proto__ of its own here: objects are made from entries.
        fc.pre(!text.includes('__proto__'));
        expect(read(`${text}\ntail`)).toEqual({ value: JSON.parse(text) as unknown, end: text.length, isWhole: true });
      }),
    );
  });

  it.each([
    ['{"a":1,\n"b":[2,\n{"c":3', { a: 1, b: [2, {}] }, 22],
    ['{"a":1,}', { a: 1 }, 7],
    ['{"a":"x', {}, 5],
    ['{"a":{"b":1}\nerror', { a: { b: 1 } }, 13],
    ['{"a":1 /* */}', { a: 1 }, 7],
    ['x', undefined, 0],
    ['', undefined, 0],
  ])('keeps what was whole of %j', (text, value, end) => {
    expect(read(text)).toEqual({ value, end, isWhole: false });
  });

  it('takes what C prints of a number that is none for null', () => {
    const text = '{"a": -nan, "b":nan,"c": [inf, -inf, 1], "d": 2}';
    expect(read(text)).toMatchObject({ value: { a: null, b: null, c: [null, null, 1], d: 2 }, isWhole: true });
    expect(read('{"a": nano}').isWhole).toBe(false);
    expect(read('{"a": nan 5}').isWhole).toBe(false);
    expect(read('{"a": - 5}').isWhole).toBe(false);
  });

  it('counts lines from where the value begins, and keeps members that were written twice', () => {
    const { node } = readJsonText('x {"a":\n1,\n"a": 2}', { place: 2, line: 7 });
    expect(member(node, 'a')).toEqual({ kind: 'number', text: '2', line: 9 });
    expect(membersNamed(node, 'a').map(({ line }) => line)).toEqual([8, 9]);
  });

  it('stops at values that are nested deeper than tools nest them', () => {
    expect(read('['.repeat(1_000_000))).toMatchObject({ isWhole: false, end: 32 });
  });
});
