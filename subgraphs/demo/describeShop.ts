import type { Backends } from '../startBackends.ts';
import { formatTable } from './formatTable.ts';
import type { FirstQuery } from './runFirstQuery.ts';

const kinds: Readonly<Record<keyof Backends, string>> = {
  accounts: 'GraphQL, Federation 2',
  products: 'GraphQL, Federation 2',
  reviews: 'GraphQL, subscriptions over WebSocket',
  inventory: 'REST, OpenAPI',
  shipping: 'gRPC',
};

/** What `npm start` prints once all is up. */
export function describeShop(backends: Backends, gatewayUrl: string, first: FirstQuery): string {
  const names = Object.keys(kinds) as (keyof Backends)[];
  const services = names.map((name) => [name, kinds[name], backends[name].url]);
  return [
    'The demo shop is open:\n',
    formatTable([
      ['SERVICE', 'KIND', 'LISTENS AT'],
      ...services,
      ['gateway', 'Weft: all of them as one graph', gatewayUrl],
    ]),
    `\nA first query:\n\n${indent(first.query)}`,
    `\nIts plan:\n\n${indent(first.plan)}`,
    `\nIts answer:\n\n${indent(JSON.stringify(first.answer, null, 2))}`,
    `\nGraphiQL with more examples: ${gatewayUrl} (Ctrl-C ends everything)`,
  ].join('\n');
}

function indent(text: string): string {
  return text.trim().replaceAll(/^(?=.)/gm, '  ');
}
