import type { ParseLimits } from './createParse.ts';
import type { StreamSet } from './createStreamSet.ts';
import type { GatewayPlugin } from './GatewayPlugin.ts';
import type { ServedSnapshot } from './ServedSnapshot.ts';
import { useGatewayEngine } from './useGatewayEngine.ts';
import { useIntrospectionSwitch } from './useIntrospectionSwitch.ts';
import { useOperationChoice } from './useOperationChoice.ts';
import { useSnapshot } from './useSnapshot.ts';
import { useStreamGuard } from './useStreamGuard.ts';

export interface GatewayPluginsOptions {
  readonly limits: ParseLimits;
  readonly introspection: boolean;
  readonly streams: StreamSet;
  readonly current: () => ServedSnapshot | undefined;
  /** The embedder's own, in its order. */
  readonly plugins: readonly GatewayPlugin[];
  /** Absent where nothing is limited. */
  readonly rateLimit?: GatewayPlugin | undefined;
}

/** The Envelop plugins of every lane, outermost hook last. Masking comes after them (Yoga's option), so that it sees what they throw. */
export function gatewayPlugins(options: GatewayPluginsOptions): GatewayPlugin[] {
  return [
    // First: whatever wraps an engine function must find ours, not Yoga's.
    useGatewayEngine(options),
    // Before any hook reads the schema: one generation a request.
    useSnapshot(options.current),
    // Before validation, the dearest step: is there an operation, and may it run on this transport?
    useOperationChoice(),
    // A rule more for validation; before plugins that could add theirs.
    useIntrospectionSwitch(options),
    // Before plugins that count or bill subscriptions: this one never starts.
    useStreamGuard(),
    // The embedder's plugins see a document that is chosen and allowed.
    ...options.plugins,
    // Behind them: they may say who calls, and which plan they have.
    ...(options.rateLimit === undefined ? [] : [options.rateLimit]),
  ];
}
