import * as v from 'valibot';
import { described } from './described.ts';
import { flag, text } from './scalars.ts';
import { strict } from './strict.ts';

/** YAML reads `1.2` as a number. */
const version = v.pipe(
  v.union([v.number(), v.string()]),
  v.transform((value) => String(value).replace(/^TLSv/, '')),
  v.picklist(['1.2', '1.3'], 'Expected "1.2" or "1.3".'),
);

function files(meaning: string) {
  return v.pipe(
    described(v.union([text, v.array(text)]), meaning),
    v.transform((value) => (typeof value === 'string' ? [value] : value)),
  );
}

/** Words that Hive Router and Cosmo share. */
export const tlsSchema = strict({
  cert_file: described(text, 'The certificate of the gateway (PEM), with the intermediate ones behind it.'),
  key_file: described(text, 'Its private key (PEM), not encrypted.'),
  min_version: v.optional(described(version, 'The oldest version of TLS that clients may speak.'), '1.2'),
  client_auth: v.optional(
    described(
      strict({
        ca_file: files('Whose certificates are accepted from clients (PEM): a file, or a list of files.'),
        crl_file: v.optional(
          files(
            'Which of them were revoked (PEM): a file, or a list. With it every authority in a chain needs a list that is not outdated.',
          ),
          [],
        ),
        required: v.optional(
          described(
            flag,
            'Whether a connection without a good certificate is cut, probes included. Otherwise those decide who need one.',
          ),
          false,
        ),
      }),
      'Certificates of clients (mutual TLS).',
    ),
  ),
});
