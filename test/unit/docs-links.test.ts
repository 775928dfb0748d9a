import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const documents = [
  'README.md',
  'CHANGELOG.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

function textOf(document: string): string {
  return readFileSync(join(root, document), 'utf8');
}

/** A document without its code blocks. */
function prose(document: string): string {
  return textOf(document).replaceAll(/^```[\s\S]*?^```/gm, '');
}

/** The anchors of a document's headings, as GitHub makes them. */
function anchors(document: string): string[] {
  return [...prose(document).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

interface Link {
  readonly path: string;
  readonly anchor: string | null;
}

/** Links that don't leave the repository, as paths from its root. */
function linksOf(document: string): Link[] {
  const targets = [...prose(document).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '');
  return targets
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [path = '', anchor = null] = target.split('#');
      return { path: path === '' ? document : relative(root, join(root, dirname(document), path)), anchor };
    });
}

/** Files and folders of the repository that a document names in code, but for names in capitals, which stand for any. */
function namedPaths(document: string): string[] {
  const code = [...prose(document).matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? '');
  return code.filter(
    (text) => /^(src|test|docs|scripts|bench|experiments)\/[\w./-]*$/.test(text) && !/[A-Z]{2}/.test(text),
  );
}

describe('the documents', () => {
  it('are found', () => {
    expect(documents).toEqual(expect.arrayContaining(['README.md', join('docs', 'metrics.md')]));
    expect(documents.flatMap(linksOf).length).toBeGreaterThan(20);
    expect(documents.flatMap(namedPaths).length).toBeGreaterThan(40);
  });

  it.each(documents)('%s: every link leads somewhere', (document) => {
    const dead = linksOf(document).filter(({ path, anchor }) => {
      if (!existsSync(join(root, path)) || path.startsWith('..')) return true;
      return anchor !== null && !anchors(path).includes(anchor);
    });
    expect(dead).toEqual([]);
  });

  it.each(documents)('%s: every file that it names exists', (document) => {
    expect(namedPaths(document).filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('are all reachable from README.md', () => {
    const reached = new Set(['README.md']);
    for (const document of reached) {
      for (const { path } of linksOf(document)) if (documents.includes(path)) reached.add(path);
    }
    const decisions = documents.filter((document) => document.startsWith(join('docs', 'decisions')));
    expect([...reached, ...decisions].sort()).toEqual(expect.arrayContaining([...documents].sort()));
  });
});

describe('docs/architecture.md', () => {
  it('has a row for each room and for no other', () => {
    const rows = [...textOf('docs/architecture.md').matchAll(/^\| `src\/([a-z-]+)\/` \|/gm)].map((match) => match[1]);
    const rooms = readdirSync(join(root, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(rows.sort()).toEqual(rooms.map(({ name }) => name).sort());
  });
});

describe('docs/guest-channel.md', () => {
  it('has a row for each verb that the guest knows', () => {
    const serve = readFileSync(join(root, 'src/guest/init.sh'), 'utf8').split('\nserve() {')[1] ?? '';
    const verbs = [...serve.matchAll(/^ {6}([A-Z])\)/gm)].map((match) => match[1]);
    const rows = [...textOf('docs/guest-channel.md').matchAll(/^\| `([A-Z])` \|/gm)].map((match) => match[1]);
    expect(verbs.length).toBeGreaterThan(3);
    expect(rows.sort()).toEqual(verbs.sort());
  });
});
