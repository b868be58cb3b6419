import type { ConstDirectiveNode, DocumentNode } from 'graphql';
import type { Issue } from '../../errors/Issue.ts';
import { directiveArguments, stringArgument } from '../directiveArguments.ts';
import { usesFederationLink } from '../federate.ts';
import { normalKey } from '../normalKey.ts';
import { readSource, type SourceIndex } from '../readSource.ts';
import type { LookupDefinition, SubgraphDefinition } from '../Subgraph.ts';
import { checkInternal } from './checkInternal.ts';
import { compileLookups } from './compileLookups.ts';
import { canonicalWords } from './compositeWords.ts';
import { createReporter } from './createReporter.ts';
import { findLookups } from './findLookups.ts';
import { readRequirements } from './readRequirements.ts';
import { rewriteDocument } from './rewriteDocument.ts';

export interface Translated {
  /** In Federation's vocabulary. */
  readonly document: DocumentNode;
  /** What that cannot say. */
  readonly definition: Pick<SubgraphDefinition, 'lookups' | 'entities' | 'requirements'>;
}

/**
 * A schema in the Composite Schemas vocabulary as one in Federation's: `@lookup` fields become keys and lookups, what is `@internal` goes,
 * arguments with `@require` go and are filled by the gateway. `document` has its locations, for the issues.
 */
export function translateComposite(
  subgraph: string,
  document: DocumentNode,
): Translated | { readonly issues: readonly Issue[] } {
  const reporter = createReporter(subgraph);
  const canonical = canonicalWords(document);
  const index = readSource(canonical);
  const entities = usesFederationLink(document);
  const lookups = compileLookups(findLookups(index), index, reporter);
  checkInternal(index, reporter);
  const keys = keysOf(index, lookups, entities);
  const canEnter = (type: string) => (keys.get(type) ?? []).some(({ resolvable }) => resolvable);
  const requirements = readRequirements(index, canEnter, reporter);
  if (reporter.issues.length > 0) return { issues: distinct(reporter.issues) };
  // Its other keys are answered by `_entities`, in a batch: what is a key there needs no lookup.
  const needed = entities ? withoutKeys(lookups, index) : lookups;
  return {
    document: rewriteDocument(canonical, { index, keys, entities }),
    definition: {
      lookups: Object.fromEntries(needed),
      ...(entities ? { entities } : {}),
      ...(Object.keys(requirements).length > 0 ? { requirements } : {}),
    },
  };
}

export interface EntityKey {
  readonly fields: string;
  readonly resolvable: boolean;
}

/** Each type's keys: those that it declares, and those of its lookups. Without `_entities`, only a lookup makes a key a way in. */
function keysOf(
  index: SourceIndex,
  lookups: ReadonlyMap<string, readonly LookupDefinition[]>,
  entities: boolean,
): Map<string, readonly EntityKey[]> {
  const types = new Set([...lookups.keys(), ...index.kinds.keys()]);
  const keys = new Map<string, readonly EntityKey[]>();
  for (const type of types) {
    const byLookup = new Map((lookups.get(type) ?? []).map(({ key }) => [normalKey(key), key]));
    const declared = declaredKeys(index, type);
    const own = declared.map(({ fields, resolvable }) => ({
      fields,
      resolvable: byLookup.has(normalKey(fields)) || (entities && resolvable),
    }));
    const known = new Set(declared.map(({ fields }) => normalKey(fields)));
    const more = [...byLookup.keys()].filter((key) => !known.has(key)).map((fields) => ({ fields, resolvable: true }));
    if (own.length + more.length > 0) keys.set(type, [...own, ...more]);
  }
  return keys;
}

function declaredKeys(index: SourceIndex, type: string): EntityKey[] {
  return index.directives(type, 'key').flatMap((directive: ConstDirectiveNode) => {
    const [args = {}] = directiveArguments({ directives: [directive] }, 'key');
    const fields = stringArgument(args, 'fields');
    return fields === undefined ? [] : [{ fields, resolvable: args['resolvable'] !== false }];
  });
}

function withoutKeys(
  lookups: ReadonlyMap<string, readonly LookupDefinition[]>,
  index: SourceIndex,
): Map<string, readonly LookupDefinition[]> {
  return new Map(
    [...lookups].map(([type, all]) => {
      const answered = declaredKeys(index, type).filter(({ resolvable }) => resolvable);
      const keys = new Set(answered.map(({ fields }) => normalKey(fields)));
      return [type, all.filter(({ key }) => !keys.has(normalKey(key)))];
    }),
  );
}

function distinct(issues: readonly Issue[]): Issue[] {
  return [...new Map(issues.map((issue) => [JSON.stringify(issue), issue])).values()];
}
