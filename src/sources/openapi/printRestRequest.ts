import type { Endpoint, EndpointParameter } from './Endpoint.ts';

type Values = Readonly<Record<string, unknown>>;

export interface RestRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** The request of an endpoint: parameters in the styles of OpenAPI, the body as JSON or as a form. */
export function printRestRequest(base: string, endpoint: Endpoint, args: Values): RestRequest {
  const query: string[] = [];
  const cookies: string[] = [];
  const headers: Record<string, string> = {};
  let { path } = endpoint;
  for (const parameter of endpoint.parameters) {
    const given = args[parameter.argument];
    if (given === undefined || given === null) {
      continue;
    }
    const value = parameter.write(given);
    switch (parameter.place) {
      case 'path':
        path = path.replaceAll(`{${parameter.name}}`, () => printPath(parameter, value));
        break;
      case 'query':
        query.push(...printPairs(parameter, value));
        break;
      case 'header':
        headers[parameter.name.toLowerCase()] = printSimple(value, parameter.explode, String);
        break;
      case 'cookie':
        cookies.push(...printPairs(parameter, value));
    }
  }
  if (cookies.length > 0) {
    headers['cookie'] = cookies.join('; ');
  }
  const { body } = endpoint;
  const input = body === undefined ? undefined : args[body.argument];
  const hasBody = body !== undefined && input !== undefined && input !== null;
  if (hasBody) {
    headers['content-type'] = body.mediaType;
  }
  const search = query.length === 0 ? '' : `?${query.join('&')}`;
  return {
    url: `${base.replace(/\/+$/, '')}${path}${search}`,
    headers,
    body: hasBody ? printBody(body.mediaType, body.write(input)) : undefined,
  };
}

function printBody(mediaType: string, value: unknown): string {
  return mediaType.startsWith('application/x-www-form-urlencoded')
    ? Object.entries(value as Values)
        .map(([name, member]) => `${encode(name)}=${encode(member)}`)
        .join('&')
    : JSON.stringify(value);
}

function printPath({ style, name, explode }: EndpointParameter, value: unknown): string {
  if (style === 'label') return `.${printSimple(value, explode, encode).replaceAll(',', explode ? '.' : ',')}`;
  if (style === 'matrix') return `;${encode(name)}=${printSimple(value, explode, encode)}`;
  return printSimple(value, explode, encode);
}

function printSimple(value: unknown, explode: boolean, print: (value: unknown) => string): string {
  if (Array.isArray(value)) return value.map(print).join(',');
  if (!isObject(value)) return print(value);
  return Object.entries(value)
    .map(([key, member]) => `${print(key)}${explode ? '=' : ','}${print(member)}`)
    .join(',');
}

const separators: Readonly<Record<string, string>> = { spaceDelimited: '%20', pipeDelimited: '%7C' };

function printPairs({ name, style, explode }: EndpointParameter, value: unknown): string[] {
  const key = encode(name);
  if (style === 'json') return [`${key}=${encode(JSON.stringify(value))}`];
  if (Array.isArray(value)) {
    return explode
      ? value.map((item) => `${key}=${encode(item)}`)
      : [`${key}=${value.map(encode).join(separators[style] ?? ',')}`];
  }
  if (!isObject(value)) return [`${key}=${encode(value)}`];
  const members = Object.entries(value).filter(([, member]) => member !== undefined && member !== null);
  if (style === 'deepObject') return members.map(([member, inner]) => `${key}[${encode(member)}]=${encode(inner)}`);
  return explode
    ? members.map(([member, inner]) => `${encode(member)}=${encode(inner)}`)
    : [`${key}=${members.flat().map(encode).join(',')}`];
}

/** Raw JSON is a number with more digits than a double has; its own text is what is sent. */
function encode(value: unknown): string {
  return encodeURIComponent(typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value));
}

function isObject(value: unknown): value is Values {
  const { isRawJSON } = JSON as unknown as { isRawJSON(value: unknown): boolean };
  return typeof value === 'object' && value !== null && !isRawJSON(value);
}
