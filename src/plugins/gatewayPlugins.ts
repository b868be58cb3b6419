import type { StreamSet } from './createStreamSet.ts';
import type { GatewayPlugin } from './GatewayPlugin.ts';
import type { DocumentLimits } from './limits/DocumentLimits.ts';
import { useVariableLimits, type VariableLimits } from './limits/useVariableLimits.ts';
import type { ServedSnapshot } from './ServedSnapshot.ts';
import { useGatewayEngine } from './useGatewayEngine.ts';
import { useIntrospectionSwitch } from './useIntrospectionSwitch.ts';
import { useOperationChoice } from './useOperationChoice.ts';
import { useOperationTimeout } from './useOperationTimeout.ts';
import { useRequiredDocument } from './useRequiredDocument.ts';
import { useSnapshot } from './useSnapshot.ts';
import { useStreamGuard } from './useStreamGuard.ts';

/** Those that the configuration asks for. */
export interface FrontDoorPlugins {
  readonly accessLog?: GatewayPlugin | undefined;
  readonly addresses?: GatewayPlugin | undefined;
  readonly frontLimits?: GatewayPlugin | undefined;
  readonly authentication?: GatewayPlugin | undefined;
  readonly blockedOperations?: GatewayPlugin | undefined;
  readonly persistedDocuments?: GatewayPlugin | undefined;
  readonly threatProtection?: GatewayPlugin | undefined;
  readonly demandControl?: GatewayPlugin | undefined;
  readonly rateLimit?: GatewayPlugin | undefined;
  readonly cacheHeaders?: GatewayPlugin | undefined;
}

export interface GatewayPluginsOptions {
  readonly limits: DocumentLimits & VariableLimits;
  readonly introspection: boolean;
  /** Milliseconds for one operation. */
  readonly timeout: number;
  /** Whether introspection shows a caller only what he may read. */
  readonly hidesNames?: boolean | undefined;
  readonly streams: StreamSet;
  readonly current: () => ServedSnapshot | undefined;
  readonly frontDoor?: FrontDoorPlugins | undefined;
  /** The embedder's own, in its order. */
  readonly plugins: readonly GatewayPlugin[];
}

/** The Envelop plugins of every lane, outermost hook last. Masking comes after them (Yoga's option), so that it sees what they throw. */
export function gatewayPlugins(options: GatewayPluginsOptions): GatewayPlugin[] {
  const {
    accessLog,
    addresses,
    frontLimits,
    authentication,
    persistedDocuments,
    blockedOperations,
    threatProtection,
    demandControl,
    rateLimit,
    cacheHeaders,
  } = options.frontDoor ?? {};
  return [
    // What is refused is written down, too.
    ...present(accessLog),
    // The cheapest of all: from where?
    ...present(addresses),
    // Of an address that may ask: not too often, and has it guessed too much? Judging credentials costs.
    ...present(frontLimits),
    // Before anything else that costs: who asks?
    ...present(authentication),
    // For whom it may depend on who asks: which document is meant?
    ...present(persistedDocuments),
    // Of whoever may ask at all: before anything recurses over what came.
    useVariableLimits(options.limits),
    // Of the hooks that wrap engine functions the first: they must find ours, not Yoga's.
    useGatewayEngine(options),
    // Around execution alone: what stands before it takes no time of others.
    useOperationTimeout(options.timeout),
    // Before any hook reads the schema: one generation a request.
    useSnapshot(options.current),
    // Before validation, the dearest step: is there an operation, and may it run on this transport?
    useOperationChoice(),
    // Of the operation that is chosen: are there such here at all?
    ...present(blockedOperations),
    // A rule more for validation; before plugins that could add theirs.
    useIntrospectionSwitch(options),
    // Before plugins that count or bill subscriptions: this one never starts.
    useStreamGuard(),
    // Of a valid operation: is there something in its values that nobody would ask for?
    ...present(threatProtection),
    // Of what is executed: how long is it good?
    ...present(cacheHeaders),
    // Of what is allowed at all: what would it cost?
    ...present(demandControl),
    // The embedder's plugins see a document that is chosen and allowed.
    ...options.plugins,
    // Behind them: they may say who calls, and which plan they have.
    ...present(rateLimit),
    // Whatever could find a document by its name has had its turn.
    useRequiredDocument(),
  ];
}

function present(plugin: GatewayPlugin | undefined): GatewayPlugin[] {
  return plugin === undefined ? [] : [plugin];
}
