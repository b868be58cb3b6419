/** Every code that a client can meet, with the HTTP status where the whole operation fails. The one table: docs/errors.md is generated from it. */
export const codes = {
  GRAPHQL_PARSE_FAILED: { status: 400, meaning: 'The document is not valid GraphQL syntax.' },
  GRAPHQL_VALIDATION_FAILED: { status: 400, meaning: 'The document does not fit the schema.' },
  VALIDATION_BUDGET_EXCEEDED: {
    status: 400,
    meaning: 'The document repeats more fields than validation compares.',
  },
  OPERATION_RESOLUTION_FAILED: { status: 400, meaning: 'No operation, or not exactly one, matches "operationName".' },
  BAD_USER_INPUT: { status: 400, meaning: 'A variable is missing or has a value of another type.' },
  BAD_REQUEST: {
    status: 400,
    meaning: 'The HTTP request is not a GraphQL request: malformed JSON, a wrong member, no query.',
  },
  DOCUMENT_TOO_DEEP: { status: 400, meaning: 'The document nests deeper than the gateway parses.' },
  MAX_DEPTH_LIMIT: {
    status: 400,
    meaning: 'The operation has more fields below each other than one operation may ("limits.max_depth").',
  },
  MAX_HEIGHT_LIMIT: {
    status: 400,
    meaning: 'The operation has more fields than one operation may ("limits.max_height").',
  },
  MAX_ALIASES_LIMIT: {
    status: 400,
    meaning: 'The operation has more aliases than one operation may ("limits.max_aliases").',
  },
  MAX_ROOT_FIELDS_LIMIT: {
    status: 400,
    meaning: 'The operation has more fields at its root than one operation may ("limits.max_root_fields").',
  },
  MAX_DIRECTIVES_LIMIT: {
    status: 400,
    meaning: 'The operation has more directives than one operation may ("limits.max_directives").',
  },
  MAX_LIST_ITEMS_LIMIT: {
    status: 400,
    meaning: 'A list in the document or in a variable has more items than it may ("limits.max_list_items").',
  },
  MAX_SOCKET_OPERATIONS_LIMIT: {
    status: 429,
    meaning: 'The WebSocket has more operations at a time than one may ("limits.max_socket_operations").',
  },
  MAX_VARIABLES_DEPTH_LIMIT: {
    status: 400,
    meaning: 'A variable nests deeper than it may ("limits.max_variables_depth").',
  },
  PERSISTED_QUERY_NOT_FOUND: {
    status: 400,
    meaning:
      'No document is known by this hash; the client sends it with its text next time (automatic persisted queries).',
  },
  PERSISTED_QUERY_NOT_SUPPORTED: {
    status: 400,
    meaning: 'The document is known by a hash only, and automatic persisted queries are off.',
  },
  PERSISTED_QUERY_HASH_MISMATCH: { status: 400, meaning: 'The hash that came with the document is not its SHA-256.' },
  PERSISTED_QUERY_NOT_IN_LIST: {
    status: 400,
    meaning: 'The name of the document is none of those that are registered.',
  },
  PERSISTED_QUERY_ID_REQUIRED: {
    status: 400,
    meaning: 'Documents are accepted by their registered names only ("persisted_documents.require_id").',
  },
  QUERY_NOT_IN_SAFE_LIST: {
    status: 400,
    meaning: 'The document is none of those that are registered ("persisted_documents.safelist").',
  },
  COST_ESTIMATED_TOO_EXPENSIVE: {
    status: 400,
    meaning: 'The operation would cost more than one operation may ("demand_control.max").',
  },
  OPERATION_BLOCKED: {
    status: 403,
    meaning: 'Operations of this kind are not accepted here, or not from whoever asks ("security").',
  },
  THREAT_DETECTED: {
    status: 400,
    meaning:
      'A value looks like an attack; "extensions.rule" and "extensions.place" say which and where ("threat_protection").',
  },
  COST_QUERY_PARSE_FAILURE: {
    status: 400,
    meaning: 'A list of the operation is not told how many items it is to have by exactly one argument ("@listSize").',
  },
  SUBGRAPH_COST_ESTIMATED_TOO_EXPENSIVE: {
    status: 200,
    meaning: 'The call of this subgraph would cost more than one may ("demand_control.subgraph"); it was not asked.',
  },
  UNAUTHENTICATED: {
    status: 401,
    meaning: 'The request has no credentials, or wrong ones; "WWW-Authenticate" tells which are expected.',
  },
  FORBIDDEN: { status: 403, meaning: 'Whoever asks may not ask here.' },
  AUTHENTICATION_UNAVAILABLE: {
    status: 503,
    meaning: 'Credentials cannot be judged at the moment: what they are checked against cannot be reached.',
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    meaning: 'Mutations are accepted by POST only; other methods are not served here.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    meaning: 'The request body has a content type that the gateway does not read.',
  },
  UNAUTHORIZED_FIELD_OR_TYPE: {
    status: 403,
    meaning:
      'The caller may not read this field, its type or what it is made of; 401 where nobody in particular asks and the whole operation is refused.',
  },
  NOT_ACCEPTABLE: { status: 406, meaning: 'The "Accept" header names no media type that this answer can have.' },
  CSRF_REJECTED: {
    status: 403,
    meaning:
      'A browser could send this request from a foreign page without asking; it needs one of the configured headers.',
  },
  BATCH_LIMIT_EXCEEDED: {
    status: 422,
    meaning: 'The request has more operations than one may have ("batching.limit").',
  },
  OPERATION_TIMEOUT: {
    status: 504,
    meaning: 'The operation took longer than one may ("traffic_shaping.router.timeout").',
  },
  PAYLOAD_TOO_LARGE: { status: 413, meaning: 'The request body is larger than the configured limit.' },
  RATE_LIMITED: {
    status: 429,
    meaning: 'A limit is reached; "Retry-After" and "extensions.retryAfter" say in how many seconds it is not.',
  },
  RATE_LIMIT_UNAVAILABLE: {
    status: 503,
    meaning:
      'The store of the limits is away, and the configuration admits nobody without ("on_store_failure: closed").',
  },
  PLANNING_BUDGET_EXCEEDED: {
    status: 400,
    meaning: 'The operation would take more planning steps than one operation may.',
  },
  ANSWER_TOO_LARGE: {
    status: 200,
    meaning: 'The answer would have more objects than one answer may ("limits.max_response_objects").',
  },
  SUBGRAPH_ERROR: { status: 200, meaning: 'The subgraph reported this error and gave it no code of its own.' },
  SUBGRAPH_UNREACHABLE: {
    status: 200,
    meaning: 'No connection to the subgraph, or it broke before the answer was complete.',
  },
  SUBGRAPH_TIMEOUT: { status: 200, meaning: 'The subgraph did not answer within its timeout.' },
  SUBGRAPH_INVALID_RESPONSE: {
    status: 200,
    meaning: 'The subgraph answered something that is not a GraphQL (or REST, or gRPC) answer.',
  },
  SUBGRAPH_HTTP_ERROR: {
    status: 200,
    meaning: 'The subgraph answered with an HTTP error status; it is in "extensions.http.status".',
  },
  SUBGRAPH_UNAVAILABLE: {
    status: 200,
    meaning: 'The subgraph is registered, but has no way to be reached at the moment.',
  },
  SUBGRAPH_CREDENTIALS_UNAVAILABLE: {
    status: 200,
    meaning: 'The gateway has no credentials to show the subgraph: its token server is away, or gives none.',
  },
  INVALID_VALUE: { status: 200, meaning: 'The subgraph answered a value that does not fit the type of the field.' },
  NULL_VALUE: { status: 200, meaning: 'The subgraph answered null for a field that is never null.' },
  SUBSCRIPTION_NOT_SUPPORTED: { status: 200, meaning: 'The subgraph of this subscription cannot push events.' },
  GATEWAY_STOPPING: { status: 503, meaning: 'The gateway is stopping and takes no new operations.' },
  NOT_READY: { status: 503, meaning: 'The gateway has no supergraph to serve yet.' },
  INTERNAL_SERVER_ERROR: { status: 500, meaning: 'A fault inside the gateway; its log has the details.' },
} as const satisfies Record<string, { status: number; meaning: string }>;

export type ErrorCode = keyof typeof codes;
