import type { DocumentNode } from 'graphql';
import * as v from 'valibot';
import { isRecord } from '../../lib/isRecord.ts';
import type { Resolvers } from '../../Resolvers.ts';
import { text } from './scalars.ts';

const typeDefs = v.union([
  text,
  v.custom<DocumentNode>(
    (value) => isRecord(value) && value['kind'] === 'Document',
    'Expected SDL or a parsed document.',
  ),
]);

export const typeDefsSchema = v.union([typeDefs, v.array(typeDefs)]);

/** What stands inside is checked with its path by `checkResolvers`. */
export const resolversSchema = v.custom<Resolvers>(isRecord, 'Expected an object of types.');

export type TypeDefsInput = v.InferInput<typeof typeDefsSchema>;
