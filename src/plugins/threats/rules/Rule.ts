/** Whether a text, in lower case and decoded, looks like an attack. Takes time in proportion to its length, whatever it is. */
export type Rule = (text: string) => boolean;

/** `find` is global. Whether one of its matches is where `holds`. */
export function someMatch(find: RegExp, text: string, holds: (start: number, end: number) => boolean): boolean {
  find.lastIndex = 0;
  for (let match = find.exec(text); match !== null; match = find.exec(text)) {
    if (holds(match.index, match.index + match[0].length)) return true;
    if (match[0] === '') find.lastIndex += 1;
  }
  return false;
}
