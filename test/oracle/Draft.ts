import type { MergedType, Renames, Subgraph } from '../../src/supergraph/Subgraph.ts';
import { inWords } from './vocabularies.ts';

/** Subgraphs while they are made up. */
export interface Draft {
  readonly subgraphs: readonly SubgraphDraft[];
}

export interface SubgraphDraft {
  readonly name: string;
  /** Its lookups, by type, where it has no `_entities`. */
  merge: Record<string, MergedType[]> | null;
  /** In whose words it says what its lookups are: the configuration's, or its own. */
  words: Words;
  /** Written as Federation 1 had it: without a link, without `@shareable`, with extensions of other subgraphs' types. */
  isFirst: boolean;
  /** Names of its source, where they are others. */
  renames: Renames | null;
  readonly types: Map<string, TypeDraft>;
}

export type Words = 'configuration' | 'stitching' | 'composite';

export interface TypeDraft {
  readonly name: string;
  readonly keyword: 'type' | 'interface' | 'union' | 'enum' | 'input' | 'scalar';
  readonly directives: Set<string>;
  readonly interfaces: Set<string>;
  readonly fields: Map<string, FieldDraft>;
  /** Members of a union, values of an enum. */
  readonly members: Set<string>;
}

export interface FieldDraft {
  type: string;
  args: string;
  readonly directives: Set<string>;
}

const WORDS = [
  'key',
  'shareable',
  'external',
  'requires',
  'provides',
  'override',
  'inaccessible',
  'interfaceObject',
  'context',
  'fromContext',
];
const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.8", import: [${WORDS.map((word) => `"@${word}"`).join(', ')}])`;

/** The type in a subgraph, made if it is not there yet. */
export function typeIn(subgraph: SubgraphDraft, name: string, keyword: TypeDraft['keyword'] = 'type'): TypeDraft {
  const known = subgraph.types.get(name);
  if (known !== undefined) return known;
  const type: TypeDraft = {
    name,
    keyword,
    directives: new Set(),
    interfaces: new Set(),
    fields: new Map(),
    members: new Set(),
  };
  subgraph.types.set(name, type);
  return type;
}

/** Adds a field, or directives to the one that is there. */
export function addField(type: TypeDraft, name: string, field: string, ...directives: string[]): FieldDraft {
  const [, args = '', of = ''] = /^(\(.*\))?(.*)$/.exec(field) ?? [];
  const known = type.fields.get(name) ?? { type: of, args, directives: new Set<string>() };
  for (const directive of directives) known.directives.add(directive);
  type.fields.set(name, known);
  return known;
}

export function printDraft({ subgraphs }: Draft): Subgraph[] {
  return subgraphs.map(({ name, types, merge, words, isFirst, renames }) => ({
    name,
    url: `http://127.0.0.1/${name}`,
    sdl: [
      ...(isFirst || words !== 'configuration' ? [] : [LINK]),
      ...[...types.values()].map((type) =>
        printType(isFirst ? asFirst(type) : inWords(type, words, Object.values(merge ?? {}).flat())),
      ),
    ].join('\n'),
    definition: {
      source: { kind: 'graphql' },
      ...(merge === null || words !== 'configuration' ? {} : { merge }),
      ...(renames === null ? {} : { renames }),
    },
  }));
}

/** Words of Federation 2 that a subgraph of Federation 1 has none for. */
const SECOND = /^@(inaccessible|interfaceObject|override|context)|resolvable: false/;

export function canBeFirst({ types, merge }: SubgraphDraft): boolean {
  return (
    merge === null &&
    [...types.values()].every(
      ({ directives, fields, members, keyword }) =>
        !(keyword === 'interface' && directives.size > 0) &&
        [...members].every((member) => !member.includes('@')) &&
        [directives, ...[...fields.values()].map((field) => field.directives)].every((all) =>
          [...all].every((one) => !SECOND.test(one)),
        ),
    )
  );
}

function asFirst(type: TypeDraft): TypeDraft {
  const without = (directives: ReadonlySet<string>) => new Set([...directives].filter((one) => one !== '@shareable'));
  return {
    ...type,
    directives: without(type.directives),
    fields: new Map(
      [...type.fields].map(([name, field]) => [name, { ...field, directives: without(field.directives) }]),
    ),
  };
}

function printType({ name, keyword, directives, interfaces, fields, members }: TypeDraft): string {
  const head = [
    `${keyword} ${name}`,
    ...(interfaces.size === 0 ? [] : [`implements ${[...interfaces].join(' & ')}`]),
    ...directives,
  ].join(' ');
  if (keyword === 'scalar') return head;
  if (keyword === 'union') return `${head} = ${[...members].join(' | ')}`;
  const lines = [...fields].map(
    ([field, { type, args, directives: own }]) => `  ${[`${field}${args}: ${type}`, ...own].join(' ')}`,
  );
  return `${head} {\n${[...members].map((value) => `  ${value}`).join('\n')}${lines.join('\n')}\n}`;
}
