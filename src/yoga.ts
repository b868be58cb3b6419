/** Plugins of the front door for Yoga servers that are not a gateway: each needs nothing of Weft's but what its options say. */
import type { Plugin } from 'graphql-yoga';
import { type ApiKeyOptions, createApiKeyMethod } from './plugins/authentication/createApiKeyMethod.ts';
import {
  type AuthenticationOptions,
  useAuthentication as authenticate,
} from './plugins/authentication/useAuthentication.ts';
import { forYoga } from './plugins/forYoga.ts';
import { useVariableLimits as limitVariables, type VariableLimits } from './plugins/limits/useVariableLimits.ts';
import {
  type PersistedDocumentsOptions,
  usePersistedDocuments as persistDocuments,
} from './plugins/persistedDocuments/usePersistedDocuments.ts';

export type { Caller } from './execute/Source.ts';
export type { AuthenticationMethod } from './plugins/authentication/AuthenticationMethod.ts';
export { createBasicMethod } from './plugins/authentication/createBasicMethod.ts';
export { createIntrospectionMethod } from './plugins/authentication/createIntrospectionMethod.ts';
export { createJwtMethod } from './plugins/authentication/createJwtMethod.ts';
export { createKeySet } from './plugins/authentication/createKeySet.ts';
export { createListedKeys } from './plugins/authentication/createListedKeys.ts';
export type { ApiKey, KeyStore } from './plugins/authentication/KeyStore.ts';
export { hashOf } from './plugins/hashOf.ts';
export { createDocumentList } from './plugins/persistedDocuments/createDocumentList.ts';
export { createMemoryDocuments } from './plugins/persistedDocuments/createMemoryDocuments.ts';
export { type ApiKeyOptions, createApiKeyMethod };

/** Finds out who asks, and writes it into the context as `caller`. Refuses with 401 who does not show it. */
export function useAuthentication(options: AuthenticationOptions): Plugin {
  return forYoga(authenticate(options));
}

/** Documents that are known by a hash or a registered name. */
export function usePersistedDocuments(options: PersistedDocumentsOptions): Plugin {
  return forYoga(persistDocuments(options));
}

/** Bounds how deep variables nest and how long their lists are. */
export function useVariableLimits(limits: VariableLimits): Plugin {
  return forYoga(limitVariables(limits));
}
