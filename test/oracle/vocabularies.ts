import type { MergedType } from '../../src/supergraph/Subgraph.ts';
import type { FieldDraft, SubgraphDraft, TypeDraft, Words } from './Draft.ts';

/** What a subgraph may say in these words, beside its lookups. */
const KNOWN: Readonly<Record<Exclude<Words, 'configuration'>, RegExp>> = {
  stitching: /^@(key|shareable)\b/,
  composite: /^@(key|shareable|external|provides|override\(from: "\w+"\)|inaccessible)/,
};

export function canSpeak(words: Exclude<Words, 'configuration'>, { merge, types }: SubgraphDraft): boolean {
  if (merge === null) return false;
  const lookups = new Set(Object.values(merge).flatMap((entries) => entries.map(({ fieldName }) => fieldName)));
  return [...types.values()].every(({ keyword, directives, members, fields }) => {
    if (keyword === 'interface' && directives.size > 0) return false;
    const isHidden = words === 'composite' ? /@(?!inaccessible)/ : /@/;
    return (
      [...directives].every((one) => KNOWN[words].test(one)) &&
      [...members].every((one) => !isHidden.test(one)) &&
      [...fields].every(
        ([name, { args, directives: own }]) =>
          !args.includes('@') &&
          (lookups.has(name)
            ? words === 'composite' || !own.has('@inaccessible')
            : [...own].every((one) => KNOWN[words].test(one))),
      )
    );
  });
}

/** The type as a subgraph in these words has it. */
export function inWords(type: TypeDraft, words: Words, lookups: readonly MergedType[]): TypeDraft {
  if (words === 'configuration') return type;
  const isStitching = words === 'stitching';
  const said = (directives: ReadonlySet<string>) =>
    [...directives]
      // All but root fields is shared there anyway.
      .filter((one) => !isStitching || type.name === 'Query' || one !== '@shareable')
      .map((one) => one.replace(', resolvable: false', ''))
      .map((one) => (isStitching ? one.replace(/fields: "(.*)"/, 'selectionSet: "{ $1 }"') : one));
  const fields = [...type.fields].map(([name, field]): [string, FieldDraft] => {
    const entry = type.name === 'Query' ? lookups.find(({ fieldName }) => fieldName === name) : undefined;
    if (entry === undefined) return [name, { ...field, directives: new Set(said(field.directives)) }];
    return [name, isStitching ? asMerge(field, entry) : asLookup(field, entry)];
  });
  const directives = new Set(isStitching ? said(type.directives).slice(0, 1) : said(type.directives));
  return { ...type, directives, fields: new Map(fields) };
}

/** By argument: the path in the key that it is given. */
function pathsOf({ args = {}, key = '' }: MergedType): [string, string][] {
  const given = Object.entries(args).map(([name, value]): [string, string] => [
    name,
    String(value).slice('$key.'.length),
  ]);
  return given.length > 0 ? given : [['keys', key]];
}

function asLookup(field: FieldDraft, entry: MergedType): FieldDraft {
  let { args } = field;
  for (const [name, path] of pathsOf(entry)) {
    const is = entry.key === undefined ? path : `[${path}]`;
    if (is !== name) args = args.replace(new RegExp(`\\b${name}: ([\\w![\\]]+)`), `${name}: $1 @is(field: "${is}")`);
  }
  const directives = [...field.directives].map((one) => (one === '@inaccessible' ? '@internal' : one));
  return { ...field, args, directives: new Set([...directives, '@lookup']) };
}

function asMerge(field: FieldDraft, entry: MergedType): FieldDraft {
  if (entry.key === undefined && entry.argsFromKeys !== undefined) return { ...field, directives: new Set(['@merge']) };
  const paths = pathsOf(entry);
  const [[name, path] = ['', ''], second] = paths;
  const isPlain = second === undefined && !path.includes('.') && entry.maxBatchSize !== undefined;
  const text =
    entry.key === undefined ? paths.map(([arg, at]) => `${arg}: $key.${at}`).join(', ') : `${name}: [[$key.${path}]]`;
  return { ...field, directives: new Set([isPlain ? `@merge(keyField: "${path}")` : `@merge(argsExpr: "${text}")`]) };
}
