const OPENING = new Set(['{', '[', '(']);
const CLOSING = new Set(['}', ']', ')']);

/**
 * The deepest nesting of braces, brackets and parentheses in a GraphQL document, without parsing it: the parser recurses and would overflow.
 * Those in strings, block strings and comments don't count. Stops at `limit + 1`.
 */
export function nestingDepth(document: string, limit: number): number {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < document.length; at += 1) {
    const character = document[at] as string;
    if (character === '"') at = endOfString(document, at);
    else if (character === '#') at = endOfLine(document, at);
    else if (OPENING.has(character)) {
      depth += 1;
      if (depth > deepest) deepest = depth;
      if (deepest > limit) return deepest;
    } else if (CLOSING.has(character)) depth -= 1;
  }
  return deepest;
}

function endOfLine(document: string, from: number): number {
  let at = from;
  while (at < document.length && document[at] !== '\n' && document[at] !== '\r') at += 1;
  return at;
}

/** Index of the last character of the string that starts at `from`; an unterminated one ends with its line, as the lexer sees it. */
function endOfString(document: string, from: number): number {
  if (document.startsWith('"""', from)) {
    let end = document.indexOf('"""', from + 3);
    while (end !== -1 && document[end - 1] === '\\') end = document.indexOf('"""', end + 3);
    return end === -1 ? document.length : end + 2;
  }
  for (let at = from + 1; at < document.length; at += 1) {
    const character = document[at];
    if (character === '\\') at += 1;
    else if (character === '"' || character === '\n' || character === '\r') return at;
  }
  return document.length;
}
