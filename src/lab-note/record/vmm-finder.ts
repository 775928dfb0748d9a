import type { ReadNote } from '../read-note.ts';
import { firstFrom } from './in-order.ts';
import type { NoteOutput } from './note-output.ts';
import { SectionTree } from './section-tree.ts';
import { type VmmSaid, vmmSaid } from './vmm-command.ts';

interface PlacedVmm {
  readonly line: number;
  readonly said: VmmSaid;
}

/** What all of some command lines say alike; null where they are of several kinds. */
function common(all: readonly VmmSaid[]): VmmSaid | null {
  const [first, ...rest] = all;
  if (first === undefined || rest.some(({ kind }) => kind !== first.kind)) return null;
  const same = <Key extends keyof VmmSaid>(key: Key): VmmSaid[Key] | null =>
    rest.every((each) => each[key] === first[key]) ? first[key] : null;
  return {
    kind: first.kind,
    accel: same('accel'),
    machine: same('machine'),
    vcpus: same('vcpus'),
    memoryBytes: same('memoryBytes'),
    vhost: same('vhost'),
    queues: same('queues'),
    mtu: same('mtu'),
  };
}

/** What command lines say of the VMM of an output. */
export interface FoundVmm {
  /** null where none is found, or several that differ in kind ran together. */
  readonly said: VmmSaid | null;
  /** It stands above the output in the output's own section, and the note starts VMMs of other kinds too: no heading above knows better. */
  readonly isNearest: boolean;
}

/** Finds the command lines of the VMMs that ran while an output was made. */
export class VmmFinder {
  readonly #tree: SectionTree;
  readonly #commands: readonly (readonly PlacedVmm[])[];
  /** What all command lines of the note say alike. */
  readonly #only: VmmSaid | null;
  readonly #isOfSeveral: boolean;
  /** Lines of the outputs, ascending. */
  readonly #outputs: readonly number[];

  constructor(note: ReadNote, outputs: readonly NoteOutput[]) {
    this.#tree = new SectionTree(note.sections);
    this.#outputs = outputs.map(({ line }) => line).sort((a, b) => a - b);
    this.#commands = note.sections.map(({ commands }) =>
      commands
        .filter(({ isMentioned }) => !isMentioned)
        .flatMap((command) => {
          const said = vmmSaid(command);
          return said === null ? [] : [{ line: command.line, said }];
        }),
    );
    const all = this.#commands.flat().map(({ said }) => said);
    this.#only = common(all);
    this.#isOfSeveral = new Set(all.map(({ kind }) => kind)).size > 1;
  }

  /**
   * The last ones above the output: in its section, around it, or before it below a common heading. Several that stand there without an output
   * between them were started together; what they do not say alike is not said. Where none stands near, what all of the note say.
   */
  of({ section, line }: NoteOutput): FoundVmm {
    const placeAbove = (commands: readonly PlacedVmm[]): number => firstFrom(commands, (each) => each.line, line);
    const hasCommands = (at: number): boolean => (this.#commands[at]?.length ?? 0) > 0;
    for (const place of [...this.#tree.enclosing(section), ...this.#tree.neighbours(section, hasCommands)]) {
      const commands = this.#commands[place] ?? [];
      const above = placeAbove(commands);
      const last = commands[above - 1];
      if (last === undefined) continue;
      const outputsAbove = firstFrom(this.#outputs, (each) => each, last.line);
      const since = this.#outputs[outputsAbove - 1] ?? 0;
      const from = firstFrom(commands, (each) => each.line, since);
      const said = common(commands.slice(from, above).map((each) => each.said));
      return { said, isNearest: place === section && this.#isOfSeveral };
    }
    return { said: this.#only, isNearest: false };
  }
}
