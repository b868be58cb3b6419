/** Words of other gateways' configurations and what they are here; told where they come as unknown keys. */
const moved: ReadonlyMap<string, string> = new Map([
  [
    'global_rate_limit',
    'here this is a rule: "rate_limit: { rules: [{ name: global, key: all, rate: 100, window: 1s }] }"',
  ],
  ['simple_strategy', 'here this is a rule: "rules: [{ name: simple, rate: 10, burst: 10, window: 1s }]"'],
  ['hmacSignature', 'here this is "hmac_signature" in "subgraph_authentication: { all }"'],
  ['hmac_signature', 'here it stands in "subgraph_authentication: { all }"'],
  ['message_signatures', 'here it stands in "subgraph_authentication: { all }"'],
  ['aws_sig_v4', 'here it stands in "subgraph_authentication: { all }"'],
  ['hardcoded', 'here its keys stand beside "service_name" and "region"'],
  ['default_chain', 'here "service_name" and "region" without keys take those of the environment'],
  ['subgraph', 'what is for subgraphs stands in "subgraph_authentication" and "subgraph_tls" here'],
  ['storage', 'here the store is the section "redis"'],
]);

/** They are meant where the key on the right is known. */
const renamed: ReadonlyMap<string, string> = new Map([
  ['mtls', 'tls'],
  ['period', 'window'],
  ['interval', 'window'],
  ['capacity', 'rate'],
  ['injection_types', 'rules'],
  ['custom_injections', 'patterns'],
  ['enforcement_mode', 'mode'],
  ['limit_by', 'key'],
  ['certificate', 'cert_file'],
  ['key', 'key_file'],
  ['ca', 'ca_file'],
  ['crl', 'crl_file'],
  ['client_authentication', 'client_auth'],
  ['parser_max_tokens', 'max_tokens'],
  ['http_max_request_bytes', 'max_request_body_size'],
]);

/** Those that other gateways have around, or in another place; they are meant where the key in the middle is known. */
const nested: readonly (readonly [key: string, beside: string, hint: string])[] = [
  ['supergraph', 'cert_file', 'here "cert_file" and "key_file" stand in "tls" itself'],
  ['server', 'cert_file', 'here "cert_file" and "key_file" stand in "tls" itself'],
  ['cert_file', 'ca_file', 'here it is called "ca_file"'],
  ['tls', 'timeout', 'here "tls" is a section of its own'],
];

/** A hint for an unknown key, without a full stop; undefined where it is nobody's. */
export function foreignWord(key: string, known: readonly string[]): string | undefined {
  const name = renamed.get(key);
  if (name !== undefined && known.includes(name)) return `here it is called "${name}"`;
  return nested.find(([word, beside]) => word === key && known.includes(beside))?.[2] ?? moved.get(key);
}
