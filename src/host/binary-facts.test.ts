import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildFacts } from './binary-facts.ts';
import { readElfHeader } from './elf-header.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'binary-facts-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** The head of an ELF program with one program header, and text behind it. */
function program({ machine = 62, isStatic = true, text = '' }): string {
  const bytes = Buffer.alloc(64 + 56);
  bytes.writeUInt32BE(0x7f454c46, 0);
  bytes.set([2, 1, 1], 4);
  bytes.writeUInt16LE(machine, 18);
  bytes.writeBigUInt64LE(64n, 32);
  bytes.writeUInt16LE(56, 54);
  bytes.writeUInt16LE(1, 56);
  bytes.writeUInt32LE(isStatic ? 1 : 3, 64);
  const path = join(folder, 'program');
  writeFileSync(path, Buffer.concat([bytes, Buffer.from(text, 'latin1')]));
  return path;
}

describe('how a program was built', () => {
  it('is a debug build by the messages of checks that only debug builds make', async () => {
    const facts = await buildFacts(program({ text: '/rustc/abc attempt to add with overflow' }));
    expect(facts).toMatchObject({ isDebugBuild: true, isStatic: true });
    expect(facts.buildReason).toContain('overflow');
  });

  it('is none by a Rust program without them, or by the optimisation that debugging information names', async () => {
    expect((await buildFacts(program({ text: '/rustc/abc/library' }))).isDebugBuild).toBe(false);
    expect((await buildFacts(program({ text: 'GNU C11 12.2.0 -march=x86-64 -O2' }))).isDebugBuild).toBe(false);
    expect((await buildFacts(program({ text: 'GNU C11 12.2.0 -O0 -g' }))).isDebugBuild).toBe(true);
  });

  it('is unknown where the program was stripped, and where it is a script', async () => {
    expect((await buildFacts(program({}))).isDebugBuild).toBeNull();
    const script = join(folder, 'script');
    writeFileSync(script, '#!/bin/sh\nexec qemu-system-x86_64 "$@"\n');
    expect(await buildFacts(script)).toMatchObject({ isStatic: null, isDebugBuild: null });
  });

  it('is found where the text lies across two pieces of a large file', async () => {
    const before = 'x'.repeat(4 * 1024 * 1024 - 64 - 56 - 10);
    expect((await buildFacts(program({ text: `${before}attempt to add with overflow` }))).isDebugBuild).toBe(true);
  });

  it('tells static programs from those that need an interpreter', async () => {
    expect((await buildFacts(program({ isStatic: false }))).isStatic).toBe(false);
    expect((await buildFacts(process.execPath)).isStatic).toBe(false);
  });
});

describe('the head of a program', () => {
  it('names the architecture', async () => {
    expect((await readElfHeader(program({ machine: 183 })))?.architecture).toBe('arm64');
    expect((await readElfHeader(program({ machine: 999 })))?.architecture).toBe('machine 999');
    expect((await readElfHeader(process.execPath))?.architecture).toBe(process.arch);
  });

  it('is null for what is no program, also where the file is shorter than a head', async () => {
    const path = join(folder, 'short');
    writeFileSync(path, 'hi');
    expect(await readElfHeader(path)).toBeNull();
  });
});
