import { createHmac } from 'node:crypto';

/**
 * The signature of Hive Gateway (`hmac_signature`): HMAC with SHA-256 over the JSON of query and variables, keys in order, in base64. A request
 * without variables has none there, as its subgraphs read it.
 */
export function signOperation(secret: string, name: string): (document: string, variables: string) => string {
  const extension = JSON.stringify(name);
  return (document, variables) => {
    const given = variables === '{}' ? undefined : stableJson(JSON.parse(variables));
    const signed = `{"query":${JSON.stringify(document)}${given === undefined || given === '{}' ? '' : `,"variables":${given}`}}`;
    return `{${extension}:"${createHmac('sha256', secret).update(signed).digest('base64')}"}`;
  };
}

/** Of a value that came from JSON: the keys of every object in order. */
function stableJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stableJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${stableJson(member)}`);
  return `{${members.join(',')}}`;
}
