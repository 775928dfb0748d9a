import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** The few styles of tapbench's output. Each gives the text itself where colour is off. */
export interface Paint {
  readonly isColor: boolean;
  readonly heading: (text: string) => string;
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly good: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly bad: (text: string) => string;
  /** A figure that must not be used: struck through; `(void)` behind it where colour is off. */
  readonly struck: (text: string) => string;
}

/** @param isColor the caller knows the stream; nothing here looks at it */
export function paint(isColor: boolean): Paint {
  const style = (format: Style) => (text: string) =>
    isColor && text !== '' ? styleText(format, text, { validateStream: false }) : text;
  return {
    isColor,
    heading: style(['bold', 'cyan']),
    strong: style('bold'),
    faint: style('dim'),
    good: style('green'),
    warning: style('yellow'),
    bad: style('red'),
    struck: isColor ? style(['strikethrough', 'red']) : (text) => `${text} (void)`,
  };
}
