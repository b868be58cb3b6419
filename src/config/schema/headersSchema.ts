import * as v from 'valibot';
import { isConnectionHeader } from '../../lib/connectionHeaders.ts';
import { described } from './described.ts';
import { headerName, text } from './scalars.ts';
import { strict } from './strict.ts';

const sentName = v.pipe(
  headerName,
  v.check((name) => name !== '__proto__', 'Expected the name of a header.'),
  v.check(
    (name) => !isConnectionHeader(name),
    ({ input }) =>
      `Expected a header that is sent on; "${input}" belongs to one connection (hop-by-hop) or to the form of its body, and the gateway sets it itself.`,
  ),
);
const headerValue = v.pipe(
  v.string(),
  v.regex(
    /^[\t\x20-\x7e\x80-\xff]*$/,
    'Expected a value without line breaks, in letters that headers have (ISO 8859-1).',
  ),
);

const rule = strict({
  propagate: v.optional(described(strict({ named: sentName }), "Sends the client's header of this name on.")),
  insert: v.optional(
    described(
      v.pipe(
        strict({
          name: sentName,
          value: v.optional(described(headerValue, 'A fixed value.')),
          expression: v.optional(
            described(text, 'What gives the value, such as `caller.id`; where it gives none, the header is not sent.'),
          ),
        }),
        v.check(
          ({ value, expression }) => (value === undefined) !== (expression === undefined),
          'Expected exactly one of "value" and "expression".',
        ),
      ),
      'Sends a header of this name, and never what the client has sent under it.',
    ),
  ),
});

const rules = {
  send: v.optional(described(v.record(sentName, headerValue), 'Fixed headers for every request.')),
  propagate: v.optional(described(v.array(sentName), "Names of the client's headers to send on.")),
  request: v.optional(
    described(
      v.array(rule),
      'The same as a list of rules, each `propagate: { named }` or `insert: { name, value | expression }`.',
    ),
  ),
};

/** Headers of one subgraph. */
export const subgraphHeadersSchema = strict(rules);

/** Headers of all subgraphs; `subgraphs` adds those of single ones. */
export const headersSchema = strict({
  ...rules,
  all: v.optional(described(subgraphHeadersSchema, 'Rules for all subgraphs, as other gateways nest them.')),
  subgraphs: v.optional(
    described(v.record(v.string(), subgraphHeadersSchema), 'Further rules by the name of the subgraph.'),
  ),
});

export type HeadersInput = v.InferOutput<typeof subgraphHeadersSchema>;
