/** A name that GraphQL allows: other characters become `_`, a leading digit gets one in front, two leading underscores become one. */
export function toGraphqlName(text: string): string {
  const name = text.replace(/[^_0-9A-Za-z]/g, '_').replace(/^_{2,}/, '_');
  return /^[A-Za-z_]/.test(name) ? name : `_${name}`;
}

/** An enum value's name: as `toGraphqlName`, and never one of the three words that GraphQL keeps. */
export function toEnumValueName(text: string): string {
  const name = toGraphqlName(text);
  return /^(true|false|null)$/.test(name) ? `_${name}` : name;
}

/** `batch_get-x` and `BatchGetX` -> `batchGetX`. */
export function toLowerCamel(text: string): string {
  const joined = text
    .replace(/[^0-9A-Za-z]+$/, '')
    .replace(/[^0-9A-Za-z]+(\w)/g, (_, letter: string) => letter.toUpperCase());
  return toGraphqlName(joined.replace(/^[A-Z]+(?=[A-Z][a-z])|^[A-Z]+$|^[A-Z]/, (start) => start.toLowerCase()));
}

/** The name, or with the first number from 2 on that makes it new; remembers it. */
export function claimName(taken: Set<string>, name: string): string {
  let free = name;
  for (let number = 2; taken.has(free); number += 1) {
    free = `${name}${number}`;
  }
  taken.add(free);
  return free;
}
