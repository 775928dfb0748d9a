/** Text that a Markdown viewer folds away behind its title: GitHub takes Markdown inside of `<details>` where blank lines are around it. */
export function folded(title: string, text: string): string {
  return `<details><summary>${title}</summary>\n\n${text}\n\n</details>`;
}
