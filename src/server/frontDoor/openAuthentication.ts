import type {
  AuthenticationConfig,
  ClientCertificateConfig,
  IntrospectionConfig,
} from '../../config/AuthenticationConfig.ts';
import type { ClientCertificate } from '../../context.ts';
import type { Log } from '../../lib/Log.ts';
import type { AuthenticationMethod } from '../../plugins/authentication/AuthenticationMethod.ts';
import { createListedKeys } from '../../plugins/authentication/createListedKeys.ts';
import type { TokenHolder } from '../../plugins/authentication/createTokenHolder.ts';
import type { KeyStore } from '../../plugins/authentication/KeyStore.ts';
import { useAuthentication } from '../../plugins/authentication/useAuthentication.ts';
import type { GatewayPlugin, OpenContext } from '../../plugins/GatewayPlugin.ts';
import type { RedisConnection } from '../../stores/openRedis.ts';
import { askService } from './askService.ts';
import { introspectToken } from './introspectToken.ts';
import { openKeyFile } from './openKeyFile.ts';
import { readKeySet } from './readKeySet.ts';

export interface FrontDoorPorts {
  readonly log: Log;
  readonly redis: RedisConnection | undefined;
  readonly now: () => number;
  /** Whether the port of the gateway asks clients for certificates. */
  readonly asksClients: boolean;
  readonly public_url: string | undefined;
  readonly trusted_hops: number;
  /** Whether other processes serve the same clients. */
  readonly hasSiblings: boolean;
  /** To be called at the stop of the gateway. */
  readonly onClose: (close: () => void) => void;
  /** Told of each request whose credentials were wrong. */
  readonly onFailure?: ((context: OpenContext) => void) | undefined;
}

export type ReadCertificate = (context: OpenContext) => ClientCertificate | undefined;
type Jwt = NonNullable<AuthenticationConfig['jwt']>;
type ApiKeys = NonNullable<AuthenticationConfig['api_keys']>;

/** The methods of the configuration, each loaded only where it is used. Rejects with an `IssuesError` where a file is wrong. */
export async function openAuthentication(config: AuthenticationConfig, ports: FrontDoorPorts): Promise<GatewayPlugin> {
  const certificate = config.client_certificate;
  const readCertificate = await openCertificates(certificate, ports);
  const { jwt, introspection, api_keys: keys, basic, forward, order, mode, anonymous } = config;
  const methods = new Map<string, AuthenticationMethod>();
  if (jwt !== undefined || introspection !== undefined) {
    const { openTokenHolders } = await import('./openTokenHolders.ts');
    const openHolder = await openTokenHolders(config, ports, readCertificate);
    const leavesOpaque = introspection !== undefined;
    if (jwt !== undefined) methods.set('jwt', await openJwt(jwt, { holder: openHolder(jwt), leavesOpaque }, ports));
    if (introspection !== undefined)
      methods.set('introspection', await openIntrospection(introspection, openHolder(introspection), ports));
  }
  if (keys !== undefined) methods.set('api_keys', await openApiKeys(keys, ports));
  if (basic !== undefined) {
    const { createBasicMethod } = await import('../../plugins/authentication/createBasicMethod.ts');
    methods.set('basic', createBasicMethod({ users: basic.users, now: ports.now }));
  }
  if (forward !== undefined) {
    const { createForwardMethod } = await import('../../plugins/authentication/createForwardMethod.ts');
    const { headers, cache_ttl: cacheTtl = 0 } = forward;
    const { now, log } = ports;
    methods.set('forward', createForwardMethod({ ask: askService(forward), headers, cacheTtl, now, log }));
  }
  if (certificate?.alone === true && readCertificate !== undefined)
    methods.set('client_certificate', await openClientCertificates(certificate, readCertificate, ports));
  const { onFailure } = ports;
  return useAuthentication({ methods: order.flatMap((name) => methods.get(name) ?? []), mode, anonymous, onFailure });
}

/** Undefined where nobody is asked for one. */
async function openCertificates(
  config: ClientCertificateConfig | undefined,
  { asksClients }: FrontDoorPorts,
): Promise<ReadCertificate | undefined> {
  if (config === undefined && !asksClients) return undefined;
  const { createCertificateReader } = await import('../tls/createCertificateReader.ts');
  const from = config?.header?.from;
  const isProxy = from && (await import('./addressRules.ts')).addressRules({ allow: from, deny: [] });
  return createCertificateReader({ header: config?.header, asksProxies: asksClients, isProxy });
}

async function openClientCertificates(
  config: ClientCertificateConfig,
  readCertificate: ReadCertificate,
  { now }: FrontDoorPorts,
): Promise<AuthenticationMethod> {
  const { allow, consumer, scopes, plan, identity, clients } = config;
  const { createClientCertificateMethod } = await import(
    '../../plugins/authentication/createClientCertificateMethod.ts'
  );
  const rules = { allow, consumer, scopes, plan };
  const common = { readCertificate, identity, clients, now };
  if (Object.values(rules).every((rule) => rule === undefined)) return createClientCertificateMethod(common);
  const { compileExpression } = await import('../../expressions/compileExpression.ts');
  const text = (source: string | undefined) => source && compileExpression(source, 'string');
  return createClientCertificateMethod({
    ...common,
    allow: allow === undefined ? undefined : compileExpression(allow, 'bool'),
    consumer: text(consumer) || undefined,
    scopes: text(scopes) || undefined,
    plan: text(plan) || undefined,
  });
}

async function openJwt(
  config: Jwt,
  { holder, leavesOpaque }: { readonly holder: TokenHolder; readonly leavesOpaque: boolean },
  { log, now }: FrontDoorPorts,
): Promise<AuthenticationMethod> {
  const [{ createJwtMethod }, { createKeySet }] = await Promise.all([
    import('../../plugins/authentication/createJwtMethod.ts'),
    import('../../plugins/authentication/createKeySet.ts'),
  ]);
  const issuers = config.jwks.map((entry) => {
    const { secret, url, file, poll_interval: pollInterval, cooldown, issuers: names, audiences, algorithms } = entry;
    const common = { issuers: names, audiences, algorithms };
    if (secret !== undefined) return { ...common, keys: new TextEncoder().encode(secret) };
    const place = `at ${url === undefined ? file : withoutSecrets(url)}`;
    const keys = createKeySet({ load: () => readKeySet(entry), place, pollInterval, cooldown, now, log });
    // The first token need not wait.
    keys.touch();
    return { ...common, keys };
  });
  return createJwtMethod({
    issuers,
    holder,
    clockTolerance: config.clock_tolerance,
    scopeClaim: config.scope_claim,
    planClaim: config.plan_claim,
    leavesOpaque,
    now,
  });
}

async function openIntrospection(
  config: IntrospectionConfig,
  holder: TokenHolder,
  ports: FrontDoorPorts,
): Promise<AuthenticationMethod> {
  const { createIntrospectionMethod } = await import('../../plugins/authentication/createIntrospectionMethod.ts');
  return createIntrospectionMethod({
    introspect: (token) => introspectToken(config, token),
    issuer: config.url,
    audiences: config.audiences,
    holder,
    cacheTtl: config.cache_ttl,
    planClaim: config.plan_claim,
    now: ports.now,
    log: ports.log,
  });
}

async function openApiKeys(
  config: ApiKeys,
  { log, redis, now, onClose }: FrontDoorPorts,
): Promise<AuthenticationMethod> {
  const { createApiKeyMethod } = await import('../../plugins/authentication/createApiKeyMethod.ts');
  const stores: KeyStore[] = config.keys.length === 0 ? [] : [createListedKeys(config.keys)];
  if (config.file !== undefined) {
    const file = await openKeyFile(config.file, log);
    onClose(() => file.close());
    stores.push(file);
  }
  if (config.redis && redis !== undefined) {
    const { createRedisKeys } = await import('../../stores/createRedisKeys.ts');
    stores.push(createRedisKeys(redis, now));
  }
  return createApiKeyMethod({ sources: config.sources, stores, now });
}

function withoutSecrets(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}
