/** What was made for a key before, or is made now. */
export async function once<T>(made: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = made.get(key);
  if (known !== undefined) return await known;
  const making = make();
  made.set(key, making);
  return await making;
}
