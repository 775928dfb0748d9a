/**
 * P-values adjusted for how many were asked at once, so that among all of them a false alarm has at most the chance each is held against.
 * Source: S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6 (1979).
 * @param pValues null where there was no test: it stays null and does not count
 */
export function holm(pValues: readonly (number | null)[]): (number | null)[] {
  const tested = pValues
    .flatMap((pValue, index) => (pValue === null ? [] : [{ pValue, index }]))
    .sort((one, other) => one.pValue - other.pValue);
  const adjusted = pValues.map((): number | null => null);
  let largest = 0;
  for (const [rank, { pValue, index }] of tested.entries()) {
    largest = Math.max(largest, Math.min(1, (tested.length - rank) * pValue));
    adjusted[index] = largest;
  }
  return adjusted;
}
