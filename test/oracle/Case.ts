import { type DocumentNode, Kind, parse, print } from 'graphql';
import type { Subgraph } from '../../src/supergraph/Subgraph.ts';
import { readSubgraphs } from '../support/readSubgraphs.ts';
import type { StoreOptions } from './createStore.ts';
import { createTrial, isValid, NOTHING_WRONG } from './createTrial.ts';
import { shrinkOperation } from './shrinkOperation.ts';
import { shrinkSubgraphs } from './shrinkSubgraphs.ts';

/** All that a trial needs, as a text file of the regressions holds it. */
export interface Case {
  readonly subgraphs: readonly Subgraph[];
  readonly options: StoreOptions;
  readonly document: DocumentNode;
  readonly variables: Readonly<Record<string, unknown>>;
}

export function printCase({ subgraphs, options, document, variables }: Case): string {
  const parts = subgraphs.map(({ name, sdl, definition: { merge, renames } }) => {
    const isLinked = sdl.includes('@link');
    // One that says something of itself brings its own link, or none.
    const isPlain = merge === undefined && renames === undefined && isLinked;
    const definition = isPlain ? '' : `# definition: ${JSON.stringify({ merge, renames })}\n`;
    const text = definition !== '' || /label:|@context/.test(sdl) ? sdl : withoutLink(sdl);
    return `# subgraph: ${name}\n${definition}${text.trim()}\n`;
  });
  return [
    `# options: ${JSON.stringify(options)}`,
    `# variables: ${JSON.stringify(variables)}`,
    '# operation',
    print(document),
    '',
    ...parts,
  ].join('\n');
}

/** `readSubgraphs` puts it back. */
function withoutLink(sdl: string): string {
  const document = parse(sdl, { noLocation: true });
  return print({
    ...document,
    definitions: document.definitions.filter((node) => node.kind !== Kind.SCHEMA_EXTENSION),
  });
}

export function readCase(text: string): Case {
  const line = (name: string) => JSON.parse(new RegExp(`^# ${name}: (.*)$`, 'm').exec(text)?.[1] ?? '{}') as object;
  const [head = '', operation = ''] = text.split(/^# operation$/m);
  const [document = ''] = operation.split(/^# subgraph: /m);
  return {
    subgraphs: readSubgraphs(text),
    options: { ...NOTHING_WRONG, ...line('options') },
    document: parse(head === '' ? '' : document, { noLocation: true }),
    variables: { ...line('variables') },
  };
}

/** What is wrong with a case; undefined where nothing is. Throws where it cannot be tried at all. */
export async function tryCase({ subgraphs, options, document, variables }: Case): Promise<string | undefined> {
  const trial = createTrial(subgraphs, options);
  if (!isValid(trial.schema, document)) throw new Error('The operation is not valid.');
  return (await trial.check(document, variables)).failure;
}

/** What tells failures apart: a smaller case that fails for another reason is no smaller case. */
function kindOf(failure: string | undefined): string | undefined {
  return failure?.includes('found undefined') ? 'no answer' : failure?.slice(0, failure.indexOf(':'));
}

/** A smaller case that fails as well: first a smaller operation, then smaller subgraphs, then both once more. */
export async function shrinkCase(failing: Case, milliseconds: number): Promise<Case> {
  const until = Date.now() + milliseconds;
  const kind = kindOf(await tryCase(failing));
  const fails = async (one: Case) => {
    try {
      return kindOf(await tryCase(one)) === kind;
    } catch {
      return false;
    }
  };
  let smallest = failing;
  for (let n = 0; n < 2; n += 1) {
    const before = smallest;
    const trial = createTrial(before.subgraphs, before.options);
    const document = await shrinkOperation(
      before.document,
      async (one) => {
        if (!isValid(trial.schema, one)) return false;
        return kindOf((await trial.check(one, before.variables)).failure) === kind;
      },
      until,
    );
    const used = new Set([...print(document).matchAll(/\$(\w+)/g)].map((match) => match[1]));
    const variables = Object.fromEntries(Object.entries(before.variables).filter(([name]) => used.has(name)));
    const subgraphs = await shrinkSubgraphs(
      before.subgraphs,
      (one) => fails({ ...before, document, subgraphs: one }),
      until,
    );
    smallest = { ...before, document, variables, subgraphs };
  }
  return smallest;
}
