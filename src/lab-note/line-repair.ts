/** What people and mail programs do to the lines of an output on the way into a note. */

/** `percentile 99.999 = 7.946  <=== New report`: a remark behind a figure. Keys of maps may have such signs. */
const arrowRemark = /(?<=\S)\s+(?:<[=-]{1,20}|<{2,10}|←+|⟵|⇐|⬅\ufe0f?)(?:\s.*)?$/u;
/** `... 9.21 Gbits/sec    receiver   # the rate`. sockperf prints such a sign itself behind other words. */
const commentRemark = /(?<=^\[.*(?:sender|receiver|\/sec|\d%\)))\s+(?:#|\/\/)\s.*$/;
/** Quotation marks of a word processor around a whole paste. */
const outerQuote = /^[\u201c\u201e\u201d]\s?|[\u201c\u201d]$/g;
/** A list of lines in JSON: `"[  5]   0.00-1.00   sec ...",` */
const quotedLine =
  /^\s*"((?:\[ {0,3}(?:\d|ID|SUM)|sockperf: |@|- - - |-{20}|iperf |Connecting to |Client connecting |Server listening |Accepted )(?:[^"\\]|\\.)*)",?$/;

export function withoutRemark(line: string): string {
  let text = line;
  if (/[<←⟵⇐⬅]/u.test(text) && !text.startsWith('@')) text = text.replace(arrowRemark, '');
  return text.startsWith('[') ? text.replace(commentRemark, '') : text;
}

export function withoutOuterQuotes(line: string): string {
  if (/[\u201c-\u201e]/.test(line)) return line.replace(outerQuote, '');
  const quoted = line.includes('"') ? quotedLine.exec(line)?.[1] : undefined;
  return quoted?.replace(/\\t/g, '\t').replace(/\\(["\\/])/g, '$1') ?? line;
}

const row = /^\[\s{0,4}(?:\d{1,6}|SUM)\].*\ssec\s/;
/** The last cells of a row of iperf, which a mail program has put on a line of their own. */
const lastCells =
  /^(?:\d{1,9}\s+)?(?:sender|receiver)$|^\d{1,12}\/\s?\d{1,12}\s+\([^()]{1,12}\)(?:\s+(?:sender|receiver))?$|^[\d.]{1,8}\s[KMGT]?(?:bits|Bytes)\/sec(?:\s.{0,60})?$/;

/** Lines with the ends of rows behind their rows again; the line that an end stood on is empty then. */
export function withJoinedRows<Line extends { readonly text: string }>(lines: readonly Line[]): Line[] {
  const joined = [...lines];
  for (let place = 1; place < joined.length; place += 1) {
    const [above, line] = [joined[place - 1], joined[place]];
    if (above === undefined || line === undefined) continue;
    const text = line.text.trim();
    if (!lastCells.test(text) || !row.test(above.text) || /(?:sender|receiver)$/.test(above.text)) continue;
    joined[place - 1] = { ...above, text: `${above.text} ${text}` };
    joined[place] = { ...line, text: '' };
  }
  return joined;
}
