import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { isRecord } from '../lib/isRecord.ts';
import { type CredentialPlace, credentialPlaces } from './credentialPlaces.ts';
import type { Environment } from './expandEnvironment.ts';
import { listSubgraphs } from './listSubgraphs.ts';
import type { ConfigPath, PathIssue } from './toIssues.ts';

export interface CredentialFiles {
  /** UTF-8 text of a file by its path as written; throws where there is none. */
  readonly read: (path: string) => string;
  readonly env: Environment;
}

/** What is wrong with the keys and certificates for subgraphs: unreadable files, keys of another kind, pairs that are none, two credentials for one header. */
export function checkCredentials(input: unknown, files: CredentialFiles): PathIssue[] {
  return [
    ...credentialPlaces(input, 'authentication').flatMap((place) => checkAuthentication(place, files)),
    ...credentialPlaces(input, 'tls').flatMap((place) => checkTls(place, files)),
    ...checkManifests(input, files.env),
    ...checkKinds(input),
    ...checkKeysPath(input),
  ];
}

function checkAuthentication({ path, value }: CredentialPlace, files: CredentialFiles): PathIssue[] {
  const { internal_jwt: jwt, message_signatures: signatures, aws_sig_v4: aws } = value;
  const keys = isRecord(jwt) && Array.isArray(jwt['keys']) ? jwt['keys'] : [];
  const issues = keys.flatMap((key: unknown, index) =>
    isRecord(key)
      ? checkKey([...path, 'internal_jwt', 'keys', index, 'file'], key, String(key['algorithm']), files)
      : [],
  );
  const key = isRecord(signatures) && isRecord(signatures['key']) ? signatures['key'] : {};
  const algorithm = isRecord(signatures) ? String(signatures['algorithm']) : '';
  issues.push(...checkKey([...path, 'message_signatures', 'key', 'file'], key, algorithm, files));
  if (isRecord(aws)) issues.push(...checkAws([...path, 'aws_sig_v4'], aws, files.env));
  const named = ['internal_jwt', 'oauth2', 'aws_sig_v4'].filter((name) => {
    const own = value[name];
    return (
      isRecord(own) &&
      (name !== 'internal_jwt' || String(own['header'] ?? 'authorization').toLowerCase() === 'authorization')
    );
  });
  if (named.length > 1)
    issues.push({
      path,
      at: 'value',
      message: `Expected one credential in the header "authorization"; got ${named.map((name) => `"${name}"`).join(' and ')}. Of "internal_jwt" the "header" can be another one.`,
    });
  return issues;
}

/** Both keys, or none where the environment has them. */
function checkAws(path: ConfigPath, aws: Readonly<Record<string, unknown>>, env: Environment): PathIssue[] {
  const { access_key_id: id, secret_access_key: secret } = aws;
  if ((id === undefined) !== (secret === undefined))
    return [{ path, at: 'value', message: 'Expected both "access_key_id" and "secret_access_key", or neither.' }];
  if (id !== undefined || (env['AWS_ACCESS_KEY_ID'] && env['AWS_SECRET_ACCESS_KEY'])) return [];
  const message =
    'Expected "access_key_id" and "secret_access_key" here, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment; there are neither.';
  return [{ path, at: 'value', message }];
}

function checkKeysPath(input: unknown): PathIssue[] {
  const { path = '/graphql', subgraph_authentication: section } = isRecord(input) ? input : {};
  const keys = isRecord(section) ? section['jwks_path'] : undefined;
  if (![path, '/health', '/ready'].includes(keys) || keys === undefined) return [];
  const message = `Expected a path of its own; "${String(keys)}" is taken.`;
  return [{ path: ['subgraph_authentication', 'jwks_path'], at: 'value', message }];
}

/** A call of gRPC is no HTTP request that could be signed, and only operations of GraphQL have extensions. */
function checkKinds(input: unknown): PathIssue[] {
  return listSubgraphs(isRecord(input) ? input['subgraphs'] : undefined).flatMap(({ path, value }) => {
    const { schema, authentication } = value;
    const { proto, openapi } = isRecord(schema) ? schema : {};
    const unfit =
      proto !== undefined
        ? ['aws_sig_v4', 'message_signatures', 'hmac_signature']
        : openapi !== undefined
          ? ['hmac_signature']
          : [];
    const kind = proto === undefined ? 'REST' : 'gRPC';
    return unfit
      .filter((name) => isRecord(authentication) && isRecord(authentication[name]))
      .map(
        (name): PathIssue => ({
          path: [...path, 'authentication', name],
          at: 'key',
          message: `Expected a credential that a ${kind} service can be shown, such as "internal_jwt", "oauth2" or "tls"; "${name}" signs what it has not.`,
        }),
      );
  });
}

/** Manifests in stores that speak S3 need keys too. */
function checkManifests(input: unknown, env: Environment): PathIssue[] {
  const documents = isRecord(input) ? input['persisted_documents'] : undefined;
  const manifests = isRecord(documents) ? documents['manifests'] : undefined;
  return (Array.isArray(manifests) ? manifests : []).flatMap((entry: unknown, index) =>
    isRecord(entry) && String(entry['url']).startsWith('s3://')
      ? checkAws(['persisted_documents', 'manifests', index], entry, env)
      : [],
  );
}

const KINDS: ReadonlyMap<string, string> = new Map([
  ['RS256', 'rsa'],
  ['PS256', 'rsa'],
  ['ES256', 'ec prime256v1'],
  ['ES384', 'ec secp384r1'],
  ['EdDSA', 'ed25519'],
  ['ed25519', 'ed25519'],
  ['ecdsa-p256-sha256', 'ec prime256v1'],
  ['ecdsa-p384-sha384', 'ec secp384r1'],
  ['rsa-pss-sha512', 'rsa'],
]);

function checkKey(
  path: ConfigPath,
  { file }: Readonly<Record<string, unknown>>,
  algorithm: string,
  files: CredentialFiles,
): PathIssue[] {
  if (typeof file !== 'string' || file === '' || file.includes('${')) return [];
  const key = readKey(path, file, files);
  if ('message' in key) return [key];
  const kind = kindOf(key.key);
  const wanted = KINDS.get(algorithm);
  if (wanted === undefined || kind === wanted || (wanted === 'rsa' && kind === 'rsa-pss' && algorithm !== 'RS256')) {
    const bits = key.key.asymmetricKeyDetails?.modulusLength ?? 2048;
    if (bits >= 2048) return [];
    return [
      { path, at: 'value', message: `Expected an RSA key of at least 2048 bits; that of "${file}" has ${bits}.` },
    ];
  }
  return [
    {
      path,
      at: 'value',
      message: `Expected a key of kind "${wanted}" for ${algorithm}; that of "${file}" is of kind "${kind}".`,
    },
  ];
}

function kindOf({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): string {
  return details?.namedCurve === undefined ? String(type) : `${type} ${details.namedCurve}`;
}

/** What Node says of a key that it cannot read is left out: it could quote it. */
function readKey(path: ConfigPath, file: string, files: CredentialFiles): PathIssue | { readonly key: KeyObject } {
  const pem = readText(path, file, files);
  if (typeof pem !== 'string') return pem;
  try {
    return { key: createPrivateKey(pem) };
  } catch {
    return {
      path,
      at: 'value',
      message: `Expected a private key as PEM, without a password, in "${file}"; there is none.`,
    };
  }
}

function readText(path: ConfigPath, file: string, { read }: CredentialFiles): string | PathIssue {
  try {
    return read(file);
  } catch {
    return { path, at: 'value', message: `Expected a file; "${file}" cannot be read.` };
  }
}

function checkTls({ path, value }: CredentialPlace, files: CredentialFiles): PathIssue[] {
  const { certificate_authorities: ca, client_authentication: client } = value;
  const issues: PathIssue[] = [];
  if (typeof ca === 'string' && !ca.includes('${'))
    issues.push(...issueOf(readCertificate([...path, 'certificate_authorities'], ca, files)));
  const { certificate_chain: chain, key: keyFile } = isRecord(client) ? client : {};
  if (typeof chain !== 'string' || typeof keyFile !== 'string' || `${chain}${keyFile}`.includes('${')) return issues;
  const at: ConfigPath = [...path, 'client_authentication'];
  const certificate = readCertificate([...at, 'certificate_chain'], chain, files);
  const key = readKey([...at, 'key'], keyFile, files);
  issues.push(...issueOf(certificate), ...issueOf(key));
  if ('certificate' in certificate && 'key' in key && !certificate.certificate.checkPrivateKey(key.key))
    issues.push({
      path: [...at, 'key'],
      at: 'value',
      message: `Expected the private key of the certificate in "${chain}"; that in "${keyFile}" is another one.`,
    });
  return issues;
}

function readCertificate(
  path: ConfigPath,
  file: string,
  files: CredentialFiles,
): PathIssue | { readonly certificate: X509Certificate } {
  const pem = readText(path, file, files);
  if (typeof pem !== 'string') return pem;
  try {
    return { certificate: new X509Certificate(pem) };
  } catch {
    return { path, at: 'value', message: `Expected a certificate as PEM in "${file}"; there is none.` };
  }
}

function issueOf(result: PathIssue | object): PathIssue[] {
  return 'message' in result ? [result] : [];
}
