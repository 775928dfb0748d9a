/** `5%`, `+5 %`, `-0.5%` as a share: 0.05, 0.05, -0.005; null where the text is no percentage. */
export function shareOf(text: string): number | null {
  const match = /^([+-]?(?:\d+(?:\.\d*)?|\.\d+))\s*%$/.exec(text.trim());
  const percent = Number(match?.[1]);
  return match === null || !Number.isFinite(percent) ? null : percent / 100;
}
