import * as v from 'valibot';
import { network } from './addressesSchema.ts';
import { described } from './described.ts';
import { flag, headerName, text } from './scalars.ts';
import { strict } from './strict.ts';

const NAMES = ['uri', 'dns', 'email', 'subject'] as const;

const client = v.pipe(
  strict({
    uri: v.optional(described(text, 'A name of type URI, such as `spiffe://shop/billing`.')),
    dns: v.optional(described(text, 'A name of type DNS.')),
    email: v.optional(described(text, 'A name of type email.')),
    subject: v.optional(described(text, 'The subject as RFC 4514 writes it: `CN=billing,O=Shop`.')),
    consumer: v.optional(described(text, 'Who that is; unless told, the name.')),
    plan: v.optional(described(text, 'The plan whose limits apply.')),
    scopes: v.optional(described(v.array(text), 'What it may, for `@requiresScopes`.'), []),
  }),
  v.check(
    (entry) => NAMES.filter((name) => entry[name] !== undefined).length === 1,
    'Expected exactly one of "uri", "dns", "email" and "subject".',
  ),
  v.transform(({ uri, dns, email, subject, ...rest }) => {
    const byType = { uri, dns, email, subject };
    const type = NAMES.find((name) => byType[name] !== undefined) ?? 'uri';
    return { ...rest, type, name: byType[type] ?? '' };
  }),
);

const header = v.pipe(
  v.union([
    headerName,
    strict({
      name: described(headerName, 'Its name: `x-forwarded-client-cert` or `x-ssl-client-cert`.'),
      format: v.optional(
        described(
          v.picklist(['xfcc', 'pem']),
          '`xfcc` as Envoy writes it, `pem` encoded as in URLs, as nginx does. Unless told, by the name.',
        ),
      ),
      verify: v.optional(
        described(headerName, 'The header in which the proxy says `SUCCESS` (nginx) or `0` (HAProxy) of a good one.'),
      ),
      from: v.optional(
        described(
          v.pipe(v.array(network), v.minLength(1, 'Expected at least one address or network.')),
          'Addresses and networks of the proxies that connect to the gateway; from others the header is not read.',
        ),
      ),
    }),
  ]),
  v.transform((value) => {
    const { name, format, verify, from } = typeof value === 'string' ? { name: value } : value;
    const known = name.toLowerCase();
    return {
      name: known,
      format: format ?? (known === 'x-forwarded-client-cert' ? ('xfcc' as const) : ('pem' as const)),
      ...(verify === undefined ? {} : { verify: verify.toLowerCase() }),
      ...(from === undefined ? {} : { from }),
    };
  }),
);

export const clientCertificateSchema = strict({
  alone: v.optional(
    described(
      flag,
      'Whether a certificate is enough; `false`: it only shows that a token which is bound to it (RFC 8705) is its own.',
    ),
    true,
  ),
  identity: v.optional(
    described(
      v.pipe(v.array(v.picklist(NAMES)), v.minLength(1, 'Expected at least one type of name.')),
      'Which names of a certificate count, in this order: `uri`, `dns`, `email` (alternative names), `subject`.',
    ),
    [...NAMES],
  ),
  clients: v.optional(
    described(v.array(client), 'Whose certificates are accepted, by their names; left out: all that are verified.'),
    [],
  ),
  allow: v.optional(described(text, 'An expression (CEL) that has to be true, over `caller.id` and `caller.claims`.')),
  consumer: v.optional(described(text, 'An expression that gives who it is.')),
  scopes: v.optional(described(text, 'An expression that gives the scopes, with blanks between them.')),
  plan: v.optional(described(text, 'An expression that gives the name of the plan.')),
  header: v.optional(
    described(header, 'Behind proxies (`trusted_hops`): the header in which they tell the certificate of the client.'),
  ),
});
