/** A stretch of lines outside of Markdown's own code blocks, from `from` to before `to`. */
export interface ProsePart {
  readonly isPreformatted: boolean;
  readonly from: number;
  readonly to: number;
}

const opening = /<pre(?:\s[^<>]{0,200})?>/i;
const closing = /<\/pre>/i;

/** Tells text in `<pre>` from running text. */
export function proseParts(lines: readonly string[]): ProsePart[] {
  const parts: ProsePart[] = [];
  let [from, isInside] = [0, false];
  const end = (to: number): void => {
    if (to > from) parts.push({ isPreformatted: isInside, from, to });
    from = to;
  };
  lines.forEach((line, index) => {
    if (!isInside && opening.test(line)) {
      end(index);
      isInside = true;
    }
    if (isInside && closing.test(line)) {
      end(index + 1);
      isInside = false;
    }
  });
  end(lines.length);
  return parts;
}
