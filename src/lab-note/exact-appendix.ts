import { exactAppendixHeading } from '../record/note-part.ts';
import type { ExactPart } from './exact-block.ts';
import type { UnreadLine } from './reading.ts';

type PlaceList = Map<string, number[]>;

/** What of a section matters here. */
interface Section {
  readonly path: readonly string[];
  readonly line: number;
  readonly parts: readonly ExactPart[];
  readonly notUnderstood: readonly UnreadLine[];
}

function byHeading(sections: readonly Section[], isIn: (section: Section) => boolean): PlaceList {
  const found: PlaceList = new Map();
  for (const [place, section] of sections.entries()) {
    const heading = section.path.at(-1);
    if (heading === undefined || !isIn(section)) continue;
    const places = found.get(heading);
    if (places === undefined) found.set(heading, [place]);
    else places.push(place);
  }
  return found;
}

function isInAppendix({ path }: Section): boolean {
  return path.slice(0, -1).includes(exactAppendixHeading);
}

/** Somebody has changed the report: the parts are listed, and no figure is made of them. */
function withoutOwner<S extends Section>(section: S): S {
  const line = section.parts[0]?.line ?? section.line;
  const unread = { line, text: 'exact figures, of which no measurement is found by its heading' };
  return { ...section, parts: [], notUnderstood: [...section.notUnderstood, unread] };
}

/**
 * The sections of a report, the exact parts of its appendix with the sections that they belong to: those of the same heading, in order where several have
 * it. Parts are listed as not understood where their heading has not as many sections as the appendix has parts for it.
 */
export function withAppendix<S extends Section>(sections: readonly S[]): S[] {
  const told = byHeading(sections, (section) => isInAppendix(section) && section.parts.length > 0);
  const own = byHeading(sections, (section) => !isInAppendix(section) && section.parts.length === 0);
  const result = [...sections];
  for (const [heading, places] of told) {
    const owners = own.get(heading) ?? [];
    places.forEach((place, index) => {
      const from = sections[place];
      const owner = owners[index];
      const to = owner === undefined ? undefined : sections[owner];
      if (from === undefined) return;
      if (owner === undefined || to === undefined || owners.length !== places.length) {
        result[place] = withoutOwner(from);
        return;
      }
      result[owner] = { ...to, parts: from.parts };
      result[place] = { ...from, parts: [] };
    });
  }
  return result;
}
