import type { LineCursor } from './line-cursor.ts';

export type Container =
  | { readonly kind: 'quote' }
  | { readonly kind: 'item'; readonly width: number; hasChild: boolean };

export type Leaf =
  | { readonly kind: 'paragraph'; readonly line: number; readonly lines: string[] }
  | { readonly kind: 'html'; readonly end: RegExp | null }
  | { readonly kind: 'indented'; readonly line: number; readonly lines: string[] }
  | {
      readonly kind: 'fenced';
      readonly fence: string;
      readonly indent: number;
      readonly info: string;
      readonly line: number;
      readonly lines: string[];
    };

export interface OpenPlace {
  readonly cursor: LineCursor;
  readonly number: number;
  /** The line's containers are those of an open paragraph. */
  readonly isParagraphOpen: boolean;
  readonly wasParagraph: Leaf | null;
  readonly close: () => void;
}

export interface LeafPlace {
  readonly rest: string;
  readonly indent: number;
  readonly isParagraphOpen: boolean;
  readonly isLazy: boolean;
}
