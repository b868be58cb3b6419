/** What: refuses introspection where it is off. Where: at validation. A caller sees GRAPHQL_VALIDATION_FAILED. */
import type { Plugin } from '@envelop/core';
import { NoSchemaIntrospectionCustomRule } from 'graphql';

export function useIntrospectionSwitch(options: { readonly introspection: boolean }): Plugin {
  if (options.introspection) return {};
  return {
    onValidate({ addValidationRule }) {
      addValidationRule(NoSchemaIntrospectionCustomRule);
    },
  };
}
