import type { Config } from '../../config/Config.ts';
import type { Log } from '../../lib/Log.ts';
import type { FrontDoor } from '../frontDoor/openFrontDoor.ts';
import type { SnapshotStore } from '../SnapshotStore.ts';
import { createGatewayMetrics } from './gatewayMetrics.ts';

export interface OpenMetrics {
  noteError(code: unknown): void;
  close(): Promise<void>;
}

/** Undefined where nobody is to read them. */
export async function openGatewayMetrics(
  { telemetry }: Pick<Config, 'telemetry'>,
  { store, frontDoor, log }: { readonly store: SnapshotStore; readonly frontDoor: FrontDoor; readonly log: Log },
): Promise<OpenMetrics | undefined> {
  const { prometheus } = telemetry.exporters.metrics;
  if (!prometheus.enabled) return undefined;
  const { metrics, noteError } = createGatewayMetrics({ status: () => store.status() });
  const { openMetrics } = await import('./openMetrics.ts');
  const { close } = await openMetrics(prometheus, { metrics: [...metrics, ...(frontDoor.metrics ?? [])], log });
  return { noteError, close };
}
