import { open } from 'node:fs/promises';
import type { VmmFacts } from '../record/trial.ts';
import { readElfHeader } from './elf-header.ts';

export type BuildFacts = Pick<VmmFacts, 'isStatic' | 'isDebugBuild' | 'buildReason'>;

/** What a text in a program says of how it was built. */
interface Mark {
  readonly text: string;
  readonly isDebugBuild: boolean;
  readonly says: string;
}

/**
 * Rust: `dev` profiles check arithmetic and preconditions of the standard library, and the messages of these checks are in the program; `release`
 * leaves both out. C: compilers write their options into the debugging information (DW_AT_producer of DWARF), where it was not stripped.
 * Those for a debug build stand first: a program is one as soon as a part of it is.
 */
const marks: readonly Mark[] = [
  { text: 'attempt to add with overflow', isDebugBuild: true, says: 'its Rust code checks arithmetic for overflow' },
  { text: 'unsafe precondition(s) violated', isDebugBuild: true, says: 'its Rust code has debug assertions' },
  { text: ' -O0', isDebugBuild: true, says: 'compiled with -O0, by its debugging information' },
  { text: ' -Og', isDebugBuild: true, says: 'compiled with -Og, by its debugging information' },
  { text: '/rustc/', isDebugBuild: false, says: 'its Rust code has neither overflow checks nor debug assertions' },
  { text: ' -O2', isDebugBuild: false, says: 'compiled with -O2, by its debugging information' },
  { text: ' -O3', isDebugBuild: false, says: 'compiled with -O3, by its debugging information' },
];
/** How much of a file is looked at at once. */
const pieceBytes = 4 * 1024 * 1024;
const longestMark = Math.max(...marks.map(({ text }) => text.length));

/** The marks that a file holds. @throws Error of the file system */
async function marksIn(path: string): Promise<Mark[]> {
  await using file = await open(path);
  const piece = Buffer.alloc(pieceBytes);
  const found = new Set<Mark>();
  for (let offset = 0; ; offset += pieceBytes - longestMark) {
    const { bytesRead } = await file.read(piece, 0, pieceBytes, offset);
    const bytes = piece.subarray(0, bytesRead);
    for (const mark of marks) if (!found.has(mark) && bytes.includes(mark.text, 0, 'latin1')) found.add(mark);
    if (bytesRead < pieceBytes) break;
  }
  return marks.filter((mark) => found.has(mark));
}

/** How a program was built, from the file itself: its name and its version say nothing of that. */
export async function buildFacts(path: string): Promise<BuildFacts> {
  const header = await readElfHeader(path).catch(() => null);
  if (header === null) return { isStatic: null, isDebugBuild: null, buildReason: 'the file is no ELF program' };
  const [mark] = await marksIn(path).catch(() => [null]);
  if (mark === null)
    return { isStatic: header.isStatic, isDebugBuild: null, buildReason: 'the file could not be read' };
  return {
    isStatic: header.isStatic,
    isDebugBuild: mark?.isDebugBuild ?? null,
    buildReason: mark?.says ?? 'it was stripped of what would say how it was built',
  };
}
