/** Whether one dotted version comes before another: `1.9.2` before `1.10`. What is no number counts as 0. */
export function isEarlier(version: string, other: string): boolean {
  const [own, others] = [version, other].map((text) => text.split('.').map((part) => Number.parseInt(part, 10) || 0));
  for (const [index, part] of (others ?? []).entries()) {
    const mine = own?.[index] ?? 0;
    if (mine !== part) return mine < part;
  }
  return false;
}
