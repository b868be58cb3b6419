/**
 * What: finds the operation that is meant, before validation pays for the document. Where: after parse.
 * A caller sees OPERATION_RESOLUTION_FAILED for an unknown or missing name, METHOD_NOT_ALLOWED for a mutation or subscription where it is not allowed.
 */
import type { Plugin } from '@envelop/core';
import { type DocumentNode, Kind, type OperationDefinitionNode } from 'graphql';
import { GatewayError } from '../errors/GatewayError.ts';
import type { TransportContext } from './TransportContext.ts';
import { noteOperation } from './useAccessLog.ts';

export function useOperationChoice(): Plugin {
  return {
    onParse() {
      return ({ result, context }) => {
        if (result === null || result instanceof Error) return;
        const { params, transport } = context as TransportContext;
        // Thrown and not set as the result: Yoga's cache would keep it as the answer to this document under any name.
        const operation = chooseOperation(result as DocumentNode, params?.operationName);
        noteOperation(context, operation);
        if (transport?.readOnly === true && operation.operation === 'mutation') {
          throw new GatewayError('METHOD_NOT_ALLOWED', 'Mutations are accepted by POST only.', {
            extensions: { http: { headers: { allow: 'POST' } } },
          });
        }
      };
    },
  };
}

function chooseOperation(document: DocumentNode, name: string | null | undefined): OperationDefinitionNode {
  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const [only, second] = operations;
  if (name === undefined || name === null) {
    if (only !== undefined && second === undefined) return only;
    const message =
      only === undefined
        ? 'The document has no operation.'
        : 'The document has several operations; "operationName" must say which to run.';
    throw new GatewayError('OPERATION_RESOLUTION_FAILED', message);
  }
  const found = operations.find((operation) => operation.name?.value === name);
  if (found === undefined)
    throw new GatewayError('OPERATION_RESOLUTION_FAILED', `The document has no operation named "${name}".`);
  return found;
}
