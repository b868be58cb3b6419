import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  specifiedRules,
  type ValidationRule,
  validate,
} from 'graphql';

import { sharedDocument } from '../lib/sharedDocument.ts';

/** Enough for a person to mend a document, few enough that a hostile one stays cheap. */
const MAX_ERRORS = 20;

/** graphql-js' validation with bounded errors. Suggestions ("Did you mean") would tell names of a schema that clients may not read. */
export function createValidate(options: { readonly hideSuggestions: boolean }) {
  const valid = new WeakMap<GraphQLSchema, WeakSet<DocumentNode>>();
  const validIn = (schema: GraphQLSchema) => {
    const known = valid.get(schema) ?? new WeakSet<DocumentNode>();
    valid.set(schema, known);
    return known;
  };
  return (
    schema: GraphQLSchema,
    document: DocumentNode,
    rules: readonly ValidationRule[] = specifiedRules,
  ): readonly GraphQLError[] => {
    try {
      // Rules look at no operation's name but at whether several have one.
      const known = isSpecified(rules) ? validIn(schema) : undefined;
      if (known?.has(sharedDocument(document)) === true) return [];
      const errors = validate(schema, document, rules, {
        maxErrors: MAX_ERRORS,
        hideSuggestions: options.hideSuggestions,
      });
      if (errors.length === 0) known?.add(sharedDocument(document));
      return errors.length === 0 ? errors : errors.map(withCode);
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

/** Compared one by one: Envelop hands them on in an array of its own. */
function isSpecified(rules: readonly ValidationRule[]): boolean {
  return rules.length === specifiedRules.length && rules.every((rule, index) => rule === specifiedRules[index]);
}

function withCode(error: GraphQLError): GraphQLError {
  return new GraphQLError(error.message, {
    nodes: error.nodes,
    source: error.source,
    positions: error.positions,
    extensions: { code: 'GRAPHQL_VALIDATION_FAILED', ...error.extensions },
  });
}
