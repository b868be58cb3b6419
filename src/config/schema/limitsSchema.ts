import * as v from 'valibot';
import { described } from './described.ts';
import { integer } from './scalars.ts';
import { strict } from './strict.ts';

/** Each has a default that a hand-written client never meets. */
export const limitsSchema = strict({
  max_request_body_size: v.optional(described(integer(1), 'Bytes of a request body, decompressed.'), 1_048_576),
  max_compressed_body_size: v.optional(
    described(
      integer(1),
      'Bytes of a request body as it comes, where it is compressed; `max_request_body_size` unless told.',
    ),
  ),
  max_response_objects: v.optional(described(integer(1), 'Objects that one answer may have.'), 200_000),
  parser_max_recursion: v.optional(
    described(integer(1), 'Nested braces, brackets and parentheses of a document.'),
    200,
  ),
  max_depth: v.optional(described(integer(1), 'Fields below each other in an operation.'), 100),
  max_height: v.optional(described(integer(1), 'Fields of an operation, fragments written out.'), 5_000),
  max_aliases: v.optional(described(integer(0), 'Aliases of an operation, fragments written out.'), 500),
  max_root_fields: v.optional(described(integer(1), 'Fields at the root of an operation.'), 200),
  max_directives: v.optional(described(integer(0), 'Directives of an operation, fragments written out.'), 500),
  max_list_items: v.optional(described(integer(1), 'Items of a list in a document or in variables.'), 10_000),
  max_variables_depth: v.optional(described(integer(1), 'Objects and lists in each other in a variable.'), 50),
  max_socket_operations: v.optional(described(integer(1), 'Operations of one WebSocket at a time.'), 500),
  max_tokens: v.optional(described(integer(1), 'Lexical tokens of a document.'), 15_000),
});
