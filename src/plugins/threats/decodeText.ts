/** Rounds of decoding: what is encoded more often than so often nobody behind us decodes. */
const ROUNDS = 3;

/** Slash, dot and backslash in more bytes than they need, which some decoders take. */
const OVERLONG: readonly (readonly [RegExp, string])[] = [
  [/%c0%[a2]f|%e0%80%af/g, '/'],
  [/%c0%[a2]e|%e0%80%ae/g, '.'],
  [/%c1%9c|%c0%5c/g, '\\'],
];

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
  ['amp', '&'],
  ['colon', ':'],
  ['lpar', '('],
  ['rpar', ')'],
  ['sol', '/'],
  ['bsol', '\\'],
  ['tab', ''],
  ['newline', ''],
  ['nbsp', ' '],
  ['grave', '`'],
]);

const NAMED = new RegExp(`&(${[...ENTITIES.keys()].join('|')});?`, 'g');

/** Those of control that rules look at. */
const SPACES: ReadonlySet<string> = new Set(['\t', '\n', '\r', '\0']);

const decoder = new TextDecoder();

/** Whether there may be something to be decoded in a text in lower case. */
export const ENCODED = new RegExp(`%[0-9a-fu]|&(?:#|${[...ENTITIES.keys()].join('|')})|\\\\[uxnr]|[^\\t\\n\\r -~]`);

/** A text in lower case as whoever decodes it behind us could read it: percent signs, entities, escapes, wide letters and invisible ones undone. */
export function decodeText(lower: string): string {
  let text = lower;
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = text;
    if (text.includes('%')) text = decodePercent(text);
    if (text.includes('&')) text = decodeEntities(text);
    if (text.includes('\\')) text = decodeEscapes(text);
    if (!/^[ -~]*$/.test(text)) text = plainLetters(text);
    if (text === before) break;
  }
  return text;
}

function decodePercent(text: string): string {
  let known = text;
  for (const [bytes, meant] of OVERLONG) known = known.replace(bytes, meant);
  return known
    .replace(/%u([0-9a-f]{4})/g, (_all, code: string) => fromCode(code, 16))
    .replace(/(?:%[0-9a-f]{2})+/g, (bytes) =>
      decoder.decode(Uint8Array.from(bytes.slice(1).split('%'), (byte) => Number.parseInt(byte, 16))),
    );
}

function decodeEntities(text: string): string {
  return text
    .replace(/&#x0{0,9}([0-9a-f]{1,6});?/g, (_all, code: string) => fromCode(code, 16))
    .replace(/&#0{0,9}([0-9]{1,7});?/g, (_all, code: string) => fromCode(code, 10))
    .replace(NAMED, (all, name: string) => ENTITIES.get(name) ?? all);
}

function decodeEscapes(text: string): string {
  return text
    .replace(/\\u\{?0{0,4}([0-9a-f]{2,6})\}?/g, (_all, code: string) => fromCode(code, 16))
    .replace(/\\x([0-9a-f]{2})/g, (_all, code: string) => fromCode(code, 16))
    .replace(/\\[nr]/g, '\n');
}

/** Compatibility letters as plain ones (NFKC); without what nobody sees. */
function plainLetters(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\p{Cf}\p{Cc}]/gu, (letter) => (SPACES.has(letter) ? letter : ''))
    .replace(/[\u2044\u2215]/g, '/')
    .replace(/\u2216/g, '\\')
    .toLowerCase();
}

function fromCode(digits: string, base: number): string {
  const code = Number.parseInt(digits, base);
  return code > 0x10ffff ? '' : String.fromCodePoint(code).toLowerCase();
}
