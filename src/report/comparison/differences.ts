import type { Difference } from '../../record/comparison.ts';
import { type Look, labelled, wrap } from '../text/wrap.ts';
import { differenceValues } from './text.ts';

/** Kinds that are told on one wrapped line: what was asked for, what follows, what is good to know. */
const briefKinds = { asked: 'asked', consequence: 'follows', note: 'also' } as const;

/** Characters of a value that follows from something else: a command line tells itself. */
const consequenceCharacters = 60;

function shortened(text: string): string {
  return text.length > consequenceCharacters ? `${text.slice(0, consequenceCharacters)}...` : text;
}

/** What follows, many of one family that changed alike in one: who asked for the cause wants no list. */
function consequenceTexts(differences: readonly Difference[]): string[] {
  const groups = Map.groupBy(differences, (one) => {
    const family = familyOf(one);
    return family === null ? one.path : `${family} ${one.baseline} -> ${one.candidate}`;
  });
  return [...groups.values()].flatMap((members) => {
    const [first] = members;
    if (first === undefined) return [];
    const change = differenceValues(first).map(shortened).join(' -> ');
    if (members.length < familyFrom) return members.map(({ path }) => `${path} ${change}`);
    return [`${String(members.length)} of ${familyOf(first) ?? first.path} ${change}`];
  });
}

export function briefLines(kind: keyof typeof briefKinds, differences: readonly Difference[], look: Look): string[] {
  const ofKind = differences.filter((one) => one.kind === kind);
  if (ofKind.length === 0) return [];
  const texts =
    kind === 'consequence'
      ? consequenceTexts(ofKind)
      : ofKind.map((one) => {
          const meaning = one.meaning === null ? '' : ` (${one.meaning})`;
          return `${one.path} ${differenceValues(one).join(' -> ')}${meaning}`;
        });
  const lines = labelled(`${briefKinds[kind].padEnd(8)} `, texts.join('; '), look);
  return kind === 'asked' ? lines : lines.map(look.paint.faint);
}

/** Families of facts of which two hosts may differ in dozens. */
const families = [
  ...['host.sysctls', 'host.cpu.vulnerabilities', 'host.programs.version', 'host.programs.sha256', 'guest.sysctls'],
  ...['guest.nic.virtioFeatures', 'guest.nic.offloads', 'path.offloads', 'preparation.settings'],
];
/** From this many a family is told in one paragraph. */
const familyFrom = 4;

function familyOf({ path }: Difference): string | null {
  return families.find((family) => path.startsWith(`${family}.`)) ?? null;
}

function familyText(family: string, members: readonly Difference[]): string {
  const texts = members.map((one) => `${one.path.slice(family.length + 1)} ${differenceValues(one).join(' -> ')}`);
  const [meaning = null, ...others] = new Set(members.map((one) => one.meaning));
  const shared = meaning === null || others.length > 0 ? '' : ` (${meaning})`;
  return `${family}: ${String(members.length)} differ${shared}: ${texts.join('; ')}`;
}

function differenceText(one: Difference): string {
  const meaning = one.meaning === null ? '' : `: ${one.meaning}`;
  return `${one.path} ${differenceValues(one).join(' -> ')}${meaning}`;
}

/** A line a difference, or one a family where many of it differ. */
function unfairTexts(unfair: readonly Difference[]): string[] {
  const byFamily = Map.groupBy(unfair, familyOf);
  return unfair.flatMap((one) => {
    const family = familyOf(one);
    const members = byFamily.get(family) ?? [];
    if (family === null || members.length < familyFrom) return [differenceText(one)];
    return members[0] === one ? [familyText(family, members)] : [];
  });
}

/** What makes the comparison unfair, first and in full. */
export function unfairLines(differences: readonly Difference[], look: Look): string[] {
  const unfair = differences.filter((one) => one.kind === 'unfair');
  if (unfair.length === 0) return [];
  const lines = unfairTexts(unfair).flatMap((text) => wrap(text, look, '  '));
  return ['not fair: these differ, and nobody asked for it', ...lines].map(look.paint.bad);
}
