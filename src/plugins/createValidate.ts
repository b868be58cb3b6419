import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  specifiedRules,
  type ValidationRule,
  validate,
} from 'graphql';

import { sharedDocument } from '../lib/sharedDocument.ts';
import { countComparisons } from './limits/countComparisons.ts';

/** Enough for a person to mend a document, few enough that a hostile one stays cheap. */
const MAX_ERRORS = 20;

/** Steps of the dearest rule, some 25 ms of them; documents that people write and that tools make stay below a tenth. graphql-js itself gives up at 500,000. */
const MAX_COMPARISONS = 100_000;

/** Lists of rules whose verdicts are kept for one schema: a plugin that makes a rule for each request would fill the memory. */
const MOST_LISTS = 4;

interface Judged {
  readonly rules: readonly ValidationRule[];
  readonly verdicts: WeakMap<DocumentNode, readonly GraphQLError[]>;
}

/**
 * graphql-js' validation with bounded errors, once for a document, a schema and the same rules. Suggestions ("Did you mean") would tell names
 * of a schema that clients may not read.
 */
export function createValidate(options: {
  readonly hideSuggestions: boolean;
  readonly onValid?: (document: DocumentNode) => void;
}) {
  const judged = new WeakMap<GraphQLSchema, Judged[]>();
  const verdictsOf = (schema: GraphQLSchema, rules: readonly ValidationRule[]): Judged['verdicts'] => {
    const lists = judged.get(schema) ?? [];
    judged.set(schema, lists);
    const known = lists.find((list) => isSame(list.rules, rules));
    if (known !== undefined) return known.verdicts;
    if (lists.length === MOST_LISTS) lists.shift();
    const verdicts: Judged['verdicts'] = new WeakMap();
    lists.push({ rules, verdicts });
    return verdicts;
  };
  return (
    schema: GraphQLSchema,
    document: DocumentNode,
    rules: readonly ValidationRule[] = specifiedRules,
  ): readonly GraphQLError[] => {
    const verdicts = verdictsOf(schema, rules);
    // Ours look at no operation's name but at whether several have one; errors have places in their own text.
    const nameless = isOurs(rules) ? sharedDocument(document) : document;
    if (verdicts.get(nameless)?.length === 0) return [];
    const known = verdicts.get(document);
    if (known !== undefined) return known;
    const errors = judge(schema, document, { rules, hideSuggestions: options.hideSuggestions });
    verdicts.set(errors.length === 0 ? nameless : document, errors);
    if (errors.length === 0 && isOurs(rules)) options.onValid?.(document);
    return errors;
  };
}

interface Judging {
  readonly rules: readonly ValidationRule[];
  readonly hideSuggestions: boolean;
}

function judge(
  schema: GraphQLSchema,
  document: DocumentNode,
  { rules, hideSuggestions }: Judging,
): readonly GraphQLError[] {
  if (countComparisons(document, MAX_COMPARISONS) > MAX_COMPARISONS) return [tooDear()];
  try {
    return validate(schema, document, rules, { maxErrors: MAX_ERRORS, hideSuggestions }).map(withCode);
  } catch (error) {
    // Thousands of fragments that spread each other in a chain nest without a brace; the rules recurse over them.
    if (error instanceof RangeError) {
      return [
        new GraphQLError('The fragments of the document nest too deep.', {
          extensions: { code: 'DOCUMENT_TOO_DEEP' },
        }),
      ];
    }
    throw error;
  }
}

function tooDear(): GraphQLError {
  const message = `The document repeats so many fields that to compare them takes more than ${MAX_COMPARISONS} steps; expected each field once.`;
  return new GraphQLError(message, { extensions: { code: 'VALIDATION_BUDGET_EXCEEDED' } });
}

/** By identity, one by one: Envelop hands them on in an array of its own, and a rule that a plugin makes for one request is another one. */
function isSame(one: readonly ValidationRule[], other: readonly ValidationRule[]): boolean {
  return one.length === other.length && one.every((rule, index) => rule === other[index]);
}

/** The specification's, and the one against introspection at most: a plugin's rule may look at names. */
function isOurs(rules: readonly ValidationRule[]): boolean {
  if (!specifiedRules.every((rule, index) => rule === rules[index])) return false;
  return rules.slice(specifiedRules.length).every((rule) => rule === NoSchemaIntrospectionCustomRule);
}

function withCode(error: GraphQLError): GraphQLError {
  return new GraphQLError(error.message, {
    nodes: error.nodes,
    source: error.source,
    positions: error.positions,
    extensions: { code: 'GRAPHQL_VALIDATION_FAILED', ...error.extensions },
  });
}
