/** Stands in a block's text where a command was: what tools print does not go on behind one. */
export const commandMark = '\u0001';

const caption = /^[-=*#~+_>< ]{2,}\s*([\p{L}][^\d|@]{0,20}[\p{L}\p{N} _.:,()/'-]{0,60}?)\s*[-=*#~+_>< ]{2,}$/u;
const ownCaption = /^\[[A-Z][A-Z_ ]{2,12}\]$/;
/** A figure, not the number of a run. */
const fraction = /\d[.,]\d/;
const nothing = /^(?:[-=*#~+_.]{3,}|\^C|\^Z|\^D|```+|~~~+|[|>]+|<!--|-->|EOF|[{}[\]",:]+|\d?>)$/;

/** The words of a line that only says what stands below it: `--- total syscall counts ---`; null for every other line. */
export function captionOf(text: string): string | null {
  const trimmed = text.trim();
  return caption.exec(trimmed)?.[1]?.trim() ?? null;
}

/** A line without content: a rule, a key that was pressed, a stream's name. */
export function isWithoutContent(text: string): boolean {
  const trimmed = text.trim();
  if (trimmed === '' || nothing.test(trimmed) || ownCaption.test(trimmed)) return true;
  const words = captionOf(trimmed);
  return words !== null && !fraction.test(words);
}
