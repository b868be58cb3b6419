/** One element of `X-Forwarded-Client-Cert`: values by their keys in lower case. */
export type XfccElement = ReadonlyMap<string, readonly string[]>;

const PAIR = /\s*([A-Za-z]+)=(?:"((?:[^"\\]|\\.)*)"\s*|([^";,]*))([;,]|$)/y;

/** `Key=value;Key="value, quoted \"so\""`, elements with a comma between them, as Envoy writes it; undefined where it is none. */
export function readXfcc(text: string): readonly XfccElement[] | undefined {
  const elements: Map<string, string[]>[] = [new Map()];
  PAIR.lastIndex = 0;
  while (PAIR.lastIndex < text.length) {
    const match = PAIR.exec(text);
    if (match === null) return undefined;
    const [, key = '', quoted, plain = '', end] = match;
    const element = elements.at(-1);
    const values = element?.get(key.toLowerCase()) ?? [];
    values.push(quoted === undefined ? plain.trimEnd() : quoted.replaceAll(/\\(.)/g, '$1'));
    element?.set(key.toLowerCase(), values);
    if (end === ',') elements.push(new Map());
  }
  return elements;
}
