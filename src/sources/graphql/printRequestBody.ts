import type { SourceOperation, SourceRequest } from '../../execute/Source.ts';
import type { SubgraphCredentials } from '../credentials/SubgraphCredentials.ts';

/** Everything of the body up to the variables, escaped once for each operation. */
const prefixes = new WeakMap<SourceOperation, string>();

/** The JSON text of a GraphQL-over-HTTP request. The variables are text already and are put in as they are. */
export function printRequestBody(request: SourceRequest, signOperation?: SubgraphCredentials['signOperation']): string {
  let prefix = prefixes.get(request.operation);
  if (prefix === undefined) {
    prefix = `{"query":${JSON.stringify(request.operation.document)},"variables":`;
    prefixes.set(request.operation, prefix);
  }
  if (signOperation === undefined) return `${prefix}${request.variables}}`;
  const extensions = signOperation(request.operation.document, request.variables);
  return `${prefix}${request.variables},"extensions":${extensions}}`;
}
