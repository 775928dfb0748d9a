/** The choice in force of a kernel file that shows all of them, `always [madvise] never`; the whole text where none is bracketed. */
export function bracketed(text: string | null): string | null {
  return text === null ? null : (/[[(]([^\])]+)[\])]/.exec(text)?.[1] ?? text);
}
