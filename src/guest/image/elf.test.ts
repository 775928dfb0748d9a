import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleElf } from '../../../test/sample/elf.ts';
import { ParseError } from '../../record/error.ts';
import { elfInterpreter, elfNotes, elfSection, hasPvhEntry, readElf } from './elf.ts';

const pvh = { owner: 'Xen', type: 18, description: Buffer.alloc(4) };
const build = { owner: 'GNU', type: 3, description: Buffer.alloc(5) };

describe('readElf', () => {
  it('finds the interpreter of a real dynamic program', () => {
    expect(elfInterpreter(readElf(readFileSync('/bin/sh'), 'sh'))).toBe('/lib64/ld-linux-x86-64.so.2');
  });

  it('finds no interpreter in a static program', () => {
    expect(elfInterpreter(readElf(sampleElf(), 'static'))).toBeNull();
  });

  it('gives the contents of a section by its name', () => {
    const elf = readElf(
      sampleElf({ sections: { '.text': Buffer.from('code'), '.modinfo': Buffer.from('a=b\0') } }),
      'x',
    );
    expect(elfSection(elf, '.modinfo')?.toString()).toBe('a=b\0');
    expect(elfSection(elf, '.data')).toBeNull();
  });

  it('walks notes whose sizes are no multiple of 4', () => {
    const elf = readElf(sampleElf({ notes: [build, pvh] }), 'x');
    expect(elfNotes(elf)).toEqual([
      { owner: 'GNU', type: 3 },
      { owner: 'Xen', type: 18 },
    ]);
  });

  it('knows a PVH entry by owner and type together', () => {
    expect(hasPvhEntry(readElf(sampleElf({ notes: [build, pvh] }), 'x'))).toBe(true);
    expect(hasPvhEntry(readElf(sampleElf({ notes: [{ ...pvh, owner: 'GNU' }] }), 'x'))).toBe(false);
    expect(hasPvhEntry(readElf(sampleElf({ notes: [{ ...pvh, type: 17 }] }), 'x'))).toBe(false);
  });

  it('refuses what is no ELF file, naming the file', () => {
    expect(() => readElf(Buffer.from('#!/bin/sh\n'.repeat(20)), 'script')).toThrow(/^script: byte 0: not a 64-bit/);
  });

  it('gives a ParseError wherever a file is cut off or damaged', () => {
    const whole = sampleElf({
      interpreter: '/lib64/ld.so',
      notes: [pvh],
      sections: { '.modinfo': Buffer.from('depends=\0') },
    });
    const reads = (bytes: Buffer) => {
      const elf = readElf(bytes, 'x');
      elfInterpreter(elf);
      elfSection(elf, '.modinfo');
      return elfNotes(elf);
    };
    for (let length = 0; length < whole.length; length += 1) {
      expect(() => reads(whole.subarray(0, length))).toThrow(ParseError);
    }
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
        const damaged = Buffer.from(whole);
        damaged[at] = byte;
        try {
          reads(damaged);
        } catch (error) {
          expect(error).toBeInstanceOf(ParseError);
        }
      }),
    );
  });
});
