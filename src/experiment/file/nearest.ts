import { closest, distance } from 'fastest-levenshtein';

/** Edits up to which a word counts as a slip of another: a third of its letters, but two at least. */
function allowedEdits(word: string): number {
  return Math.max(2, Math.floor(word.length / 3));
}

/** The word of `known` that `word` was probably meant to be; null where none is near. */
export function nearestWord(word: string, known: readonly string[]): string | null {
  if (known.length === 0) return null;
  const lower = word.toLowerCase();
  const lowered = known.map((each) => each.toLowerCase());
  const candidate = closest(lower, lowered);
  const edits = distance(lower, candidate);
  // Two edits turn any two-letter word into any other: a suggestion must keep at least one letter.
  if (edits > allowedEdits(lower) || edits >= Math.max(lower.length, candidate.length)) return null;
  return known[lowered.indexOf(candidate)] ?? null;
}

/** `did you mean "x"?`, or the whole choice where nothing is near. */
export function suggestion(word: string, known: readonly string[]): string {
  const nearest = nearestWord(word, known);
  const choice = known.length === 1 ? `only ${known[0] ?? ''} is known` : `one of ${known.join(', ')}`;
  return nearest === null ? choice : `did you mean "${nearest}"? (${choice})`;
}
