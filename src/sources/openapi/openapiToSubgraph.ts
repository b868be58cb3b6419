import { Validator } from '@seriousme/openapi-schema-validator';
import { printSchema, validateSchema } from 'graphql';
import type { Issue } from '../../errors/Issue.ts';
import type { Subgraph } from '../../supergraph/Subgraph.ts';
import { convertOpenapi, type OpenapiConversion } from './convertOpenapi.ts';
import { parseSpec } from './parseSpec.ts';
import { asList, asNode, asText, type Spec } from './Spec.ts';

export interface OpenapiToSubgraphOptions extends OpenapiConversion {
  /** Base URL; default: the document's first server. */
  readonly url?: string | undefined;
}

/** Makes a subgraph of an OpenAPI document (3.0 to 3.2), or all issues at once. Asynchronous because the validator is. */
export async function openapiToSubgraph(
  options: OpenapiToSubgraphOptions,
): Promise<{ readonly subgraph: Subgraph } | { readonly issues: readonly Issue[] }> {
  const { name, document, merge } = options;
  const parsed = parseSpec(document);
  if ('issues' in parsed) {
    return parsed;
  }
  const invalid = await validate(parsed.spec);
  const url = options.url ?? asText(asNode(asList(parsed.spec.document['servers'])[0])['url']);
  if (url === undefined || !/^https?:/i.test(url)) {
    invalid.push({ message: 'Expected a "url", or an absolute URL in the first of "servers".' });
  }
  if (invalid.length > 0) {
    return { issues: invalid };
  }
  const converted = convertOpenapi(options);
  if ('issues' in converted) {
    return converted;
  }
  const errors = validateSchema(converted.schema);
  if (errors.length > 0) {
    return { issues: errors.map(({ message }) => ({ message })) };
  }
  const source = { kind: 'openapi' as const, document };
  const definition = merge === undefined ? { source } : { source, merge };
  return { subgraph: { name, url: url ?? '', sdl: printSchema(converted.schema), definition } };
}

async function validate({ document, lineOf }: Spec): Promise<Issue[]> {
  if (!/^3\.[0-2]\./.test(asText(document['openapi']) ?? '')) {
    return [{ message: `Expected "openapi" to be 3.0, 3.1 or 3.2, got ${JSON.stringify(document['openapi'])}.` }];
  }
  // The validator writes into what it is given.
  const { valid, errors } = await new Validator({ allErrors: true }).validate(structuredClone(document));
  if (valid || errors === undefined) {
    return [];
  }
  if (typeof errors === 'string') {
    return [{ message: errors }];
  }
  return errors.map(({ instancePath, message }) => ({
    message: `The document ${message ?? 'is not valid'}.`,
    path: `#${instancePath}`,
    line: lineOf(`#${instancePath}`),
  }));
}
