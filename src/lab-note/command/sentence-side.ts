import { type NoteSide, readSide } from './side.ts';

const article = String.raw`(?:(?:the|a|my|our|one|first|second)\s)?`;
const name = String.raw`(${article}(?:bare[ -]metal|[\w-]{1,30})(?:\s\d{1,3})?)`;
const behindCall = new RegExp(
  String.raw`^[\s${'`'}'"”]*\(?(?:is |was )?(?:run |ran |running |started )?(?:on|in|inside|from)\s${name}(?![\w-])`,
  'i',
);
/** Behind a comma the sentence goes on to something else, if it does not say that the call was run. */
const beforeCall = new RegExp(
  String.raw`\b(?:on|in|inside|from)\s${name}(?::|,?\s(?:we |i |you )?(?:run|ran|start|started|type)|)[:\s${'`'}'"“]*$`,
  'i',
);

function placeIn(words: string | undefined): NoteSide | null {
  const side = words === undefined ? null : readSide(words);
  return side?.place === undefined || side.place === null ? null : side;
}

/** Where a call ran that a sentence speaks of, by the words directly behind or before it: `iperf3 -s` on the host. */
export function sentenceSide(before: string, behind: string): NoteSide | null {
  return placeIn(behindCall.exec(behind.slice(0, 80))?.[1]) ?? placeIn(beforeCall.exec(before.slice(-80))?.[1]);
}
