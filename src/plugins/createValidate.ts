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

/** Enough for a person to mend a document, few enough that a hostile one stays cheap. */
const MAX_ERRORS = 20;

/** graphql-js' validation with bounded errors. Suggestions ("Did you mean") would tell names of a schema that clients may not read. */
export function createValidate(options: {
  readonly hideSuggestions: boolean;
  readonly onValid?: (document: DocumentNode) => void;
}) {
  const valid = new WeakMap<GraphQLSchema, Map<number, WeakSet<DocumentNode>>>();
  const validIn = (schema: GraphQLSchema, rules: readonly ValidationRule[]) => {
    const byRules = valid.get(schema) ?? new Map<number, WeakSet<DocumentNode>>();
    valid.set(schema, byRules);
    const known = byRules.get(rules.length) ?? new WeakSet<DocumentNode>();
    byRules.set(rules.length, known);
    return known;
  };
  return (
    schema: GraphQLSchema,
    document: DocumentNode,
    rules: readonly ValidationRule[] = specifiedRules,
  ): readonly GraphQLError[] => {
    try {
      // Rules look at no operation's name but at whether several have one.
      const known = isOurs(rules) ? validIn(schema, rules) : undefined;
      if (known?.has(sharedDocument(document)) === true) return [];
      const errors = validate(schema, document, rules, {
        maxErrors: MAX_ERRORS,
        hideSuggestions: options.hideSuggestions,
      });
      if (errors.length > 0) return errors.map(withCode);
      known?.add(sharedDocument(document));
      if (known !== undefined) options.onValid?.(document);
      return errors;
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
  };
}

/** The specification's, and the one against introspection at most: what a plugin's rule says may change. Envelop hands them on in an array of its own. */
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
