/** How the lines of Markdown's blocks begin (CommonMark 0.31, 4.1 to 4.5). */
export const thematicBreak = /^(?:(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}|(?:-[ \t]*){3,})$/;
export const atx = /^(#{1,6})(?:[ \t]+|$)/;
export const atxEnd = /(?:^|[ \t]+)#+[ \t]*$/;
export const openingFence = /^(?:`{3,}(?!.*`)|~{3,})/;
export const underline = /^(=+|-+)[ \t]*$/;
/** A line that begins with none of these opens nothing. */
export const special = /^[#`~*+_=<>0-9-]/;
/** Outside of quotes and lists a line that begins so is text. */
export const letter = /^[A-Za-z(]/;

export function isClosingFence(text: string, offset: number, fence: string): boolean {
  let place = offset;
  while (place < text.length && text[place] === fence[0]) place += 1;
  if (place - offset < fence.length) return false;
  while (text[place] === ' ' || text[place] === '\t') place += 1;
  return place >= text.length;
}
