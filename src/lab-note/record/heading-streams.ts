const counted = /\b(\d{1,4})\s*(?:x\s*)?(?:parallel |tcp |udp |concurrent )*(?:streams?|connections?|flows?)\b/i;
const option = /(?:^|\s)-P\s?(\d{1,4})\b/;
const single = /\b(?:single|one)[ -](?:tcp |udp )?(?:stream|connection|flow)\b/i;

/** How many streams the nearest heading speaks of; null where none does. */
export function streamsOfHeadings(headings: readonly string[]): number | null {
  for (const heading of headings.toReversed()) {
    const digits = (counted.exec(heading) ?? option.exec(heading))?.[1];
    if (digits !== undefined) return Number(digits);
    if (single.test(heading)) return 1;
  }
  return null;
}
