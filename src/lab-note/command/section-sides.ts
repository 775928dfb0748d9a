import type { NoteCommand } from './command.ts';
import { type NoteSide, readLeadSide } from './side.ts';
import { toolCommand } from './tool-command.ts';

/** `Host: start the client`: the side that a heading says of all commands below it that it can be about; null where it says none. */
function headingSide(heading: string, commands: readonly NoteCommand[]): NoteSide | null {
  const side = readLeadSide(heading);
  if (side === null || side.place === null) return null;
  const roles = new Set(commands.flatMap((command) => toolCommand(command)?.role ?? []));
  const isOfRoles = side.role === null || [...roles].every((role) => role === side.role);
  return roles.size <= 1 && isOfRoles ? side : null;
}

/** The commands of a section with the side that its heading says, where they say none of their own. */
export function withHeadingSide(commands: readonly NoteCommand[], heading: string | undefined): readonly NoteCommand[] {
  const side = heading === undefined || commands.length === 0 ? null : headingSide(heading, commands);
  return side === null ? commands : commands.map((each) => (each.side === null ? { ...each, side } : each));
}

/** The same call again runs where it ran before, if nothing else is said. */
export function withKnownSides(commands: readonly NoteCommand[], known: Map<string, NoteSide>): readonly NoteCommand[] {
  return commands.map((each) => {
    const call = each.argv.join(' ');
    if (toolCommand(each) === null) return each;
    if (each.side !== null) known.set(call, each.side);
    const side = each.side ?? known.get(call) ?? null;
    return side === null ? each : { ...each, side };
  });
}
