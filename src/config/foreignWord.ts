/** Words of other gateways' configurations and what they are here; told where they come as unknown keys. */
const moved: ReadonlyMap<string, string> = new Map([
  [
    'global_rate_limit',
    'here this is a rule: "rate_limit: { rules: [{ name: global, key: all, rate: 100, window: 1s }] }"',
  ],
  ['simple_strategy', 'here this is a rule: "rules: [{ name: simple, rate: 10, burst: 10, window: 1s }]"'],
  ['storage', 'here the store is the section "redis"'],
]);

/** They are meant where the key on the right is known. */
const renamed: ReadonlyMap<string, string> = new Map([
  ['period', 'window'],
  ['interval', 'window'],
  ['capacity', 'rate'],
  ['injection_types', 'rules'],
  ['custom_injections', 'patterns'],
  ['enforcement_mode', 'mode'],
  ['limit_by', 'key'],
  ['parser_max_tokens', 'max_tokens'],
  ['http_max_request_bytes', 'max_request_body_size'],
]);

/** A hint for an unknown key, without a full stop; undefined where it is nobody's. */
export function foreignWord(key: string, known: readonly string[]): string | undefined {
  const name = renamed.get(key);
  if (name !== undefined && known.includes(name)) return `here it is called "${name}"`;
  return moved.get(key);
}
