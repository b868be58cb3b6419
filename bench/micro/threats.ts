/** What does looking for attacks cost a request with 1 KB of variables, by what stands in them? Beside it, what reading them as JSON costs. */
import { createDetector } from '../../src/plugins/threats/createDetector.ts';
import { searchVariables } from '../../src/plugins/threats/searchVariables.ts';
import { type Case, compareCases } from './compareCases.ts';

const WORDS = ['Ann Smith', 'ann@example.com', '2024-01-01T10:00:00Z', '3fa85f64-5717-4562-b3fc-2c963f66afa6', 'blue'];
const PROSE =
  "It's great: \"best ever\", said my wife (she's right); we'd buy it again & again, for 5 or 6 euros... Don't wait! ";
// biome-ignore lint/suspicious/noTemplateCurlyInString: Code as people write it.
const CODE = 'if (a > 0 && b < 2) { c = `d ${e}`; } // see ../docs\n<p class="x">text</p> SELECT a FROM b; ';

export default async function threats(): Promise<string> {
  const detector = createDetector(['sql_injection', 'script', 'path_traversal', 'command_injection', 'ssrf']);
  const options = { detector, maxCharacters: 131_072 };
  const search = (name: string, variables: Readonly<Record<string, unknown>>): Case => ({
    name: `${name}, ${JSON.stringify(variables).length} bytes`,
    run() {
      searchVariables(variables, options, ({ place }) => {
        throw new Error(`Something was found at ${place}.`);
      });
    },
  });
  const items = Array.from({ length: 35 }, (_, index) => ({ id: index, text: WORDS[index % WORDS.length] }));
  const plain = { input: { items } };
  const json = JSON.stringify(plain);
  return compareCases('Variables searched', [
    { name: 'read as JSON, for comparison', run: () => JSON.parse(json) },
    search('words, dates, ids and numbers', plain),
    search('addresses of pages', {
      urls: Array.from({ length: 16 }, (_, page) => `https://example.com/a/b/c.html?page=${page}&size=20`),
    }),
    search('prose with quotes in one text', { text: PROSE.repeat(9) }),
    search('code and markup in one text', { text: CODE.repeat(10) }),
  ]);
}
