/** How a root field calls the service. */
export interface Endpoint {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE' | 'OPTIONS' | 'TRACE' | 'PATCH';
  /** `/stock/{upc}`. */
  readonly path: string;
  readonly parameters: readonly EndpointParameter[];
  readonly body: { readonly argument: string; readonly mediaType: string; write(value: unknown): unknown } | undefined;
  /** No content is promised: the field is `true` where the call went well. */
  readonly isEmpty: boolean;
  /** A declared 404 of a read means that there is none. */
  readonly isNullOn404: boolean;
}

export interface EndpointParameter {
  readonly argument: string;
  readonly name: string;
  readonly place: 'path' | 'query' | 'header' | 'cookie';
  readonly style: string;
  readonly explode: boolean;
  write(value: unknown): unknown;
}
