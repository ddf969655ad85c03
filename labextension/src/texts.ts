/** A part of a sentence: words, or code that stood between backquotes. */
export interface IPart {
  readonly text: string;
  readonly isCode: boolean;
}

/** The parts of `sentence`; a backquote without a second one is a word like any other. */
export function partsOf(sentence: string): readonly IPart[] {
  return sentence
    .split(/(`[^`]+`)/)
    .filter(part => part !== '')
    .map(part => {
      const isCode = part.length > 2 && part.startsWith('`') && part.endsWith('`');
      return { text: isCode ? part.slice(1, -1) : part, isCode };
    });
}
