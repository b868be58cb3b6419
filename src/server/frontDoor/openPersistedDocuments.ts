import type { ManifestConfig, PersistedDocumentsConfig } from '../../config/Config.ts';
import { IssuesError } from '../../errors/Issue.ts';
import type { Log } from '../../lib/Log.ts';
import type { GatewayPlugin } from '../../plugins/GatewayPlugin.ts';
import { createDocumentList } from '../../plugins/persistedDocuments/createDocumentList.ts';
import { createMemoryDocuments } from '../../plugins/persistedDocuments/createMemoryDocuments.ts';
import { type DocumentStore, usePersistedDocuments } from '../../plugins/persistedDocuments/usePersistedDocuments.ts';
import { createRedisDocuments } from '../../stores/createRedisDocuments.ts';
import { decideBy } from './decideBy.ts';
import type { FrontDoorPorts } from './openAuthentication.ts';
import { readManifest } from './readManifest.ts';

export interface PersistedDocuments {
  readonly plugin: GatewayPlugin;
  /** What is to be planned before it is asked for. */
  readonly expected: () => Iterable<string>;
}

/** Rejects with an `IssuesError` where a manifest of this machine cannot be read; one of another is tried again. */
export async function openPersistedDocuments(
  { apq, manifests, safelist, require_id: requireId, warm_up: isWarm, allow }: PersistedDocumentsConfig,
  ports: FrontDoorPorts,
): Promise<PersistedDocuments> {
  const list = manifests.length === 0 ? undefined : await openList(manifests, ports);
  const plugin = usePersistedDocuments({
    automatic: apq && openAutomatic(apq, ports),
    list,
    only: requireId ? 'ids' : safelist ? 'listed' : undefined,
    mayAsk: await decideBy(allow ?? false),
  });
  return { plugin, expected: () => (isWarm && list !== undefined ? list().texts : []) };
}

function openAutomatic(
  { max_size: size, redis: isShared, ttl }: NonNullable<PersistedDocumentsConfig['apq']>,
  { redis }: FrontDoorPorts,
): DocumentStore {
  return createMemoryDocuments(size, isShared && redis !== undefined ? createRedisDocuments(redis, ttl) : undefined);
}

/** All manifests as one list; each is looked at again by its interval, and stays as it was where that fails. */
async function openList(manifests: readonly ManifestConfig[], { log, onClose }: FrontDoorPorts) {
  const read: ReadonlyMap<string, string>[] = manifests.map(() => new Map());
  let list = createDocumentList(new Map());
  const etags: (string | undefined)[] = [];
  const load = async (manifest: ManifestConfig, index: number): Promise<void> => {
    const found = await readManifest(manifest, etags[index]);
    if (found === undefined) return;
    read[index] = found.documents;
    etags[index] = found.etag;
    list = createDocumentList(new Map(read.flatMap((entries) => [...entries])));
  };
  await Promise.all(
    manifests.map((manifest, index) => load(manifest, index).catch((error) => refuse(manifest, error, log))),
  );
  for (const [index, manifest] of manifests.entries()) {
    const again = () => {
      load(manifest, index).catch((error: unknown) =>
        log.error(`The documents of ${placeOf(manifest)} stay as they were: ${messageOf(error)}`),
      );
    };
    const timer = setInterval(again, manifest.poll_interval).unref();
    onClose(() => clearInterval(timer));
  }
  return () => list;
}

function refuse(manifest: ManifestConfig, error: unknown, log: Log): void {
  const message = `The documents of ${placeOf(manifest)} cannot be read: ${messageOf(error)}`;
  if (manifest.url === undefined) throw new IssuesError('Persisted documents cannot be read.', [{ message }]);
  log.error(`${message}; they are tried again.`);
}

function placeOf({ file, folder, url }: ManifestConfig): string {
  if (url?.startsWith('s3://') === true) return url;
  return file ?? folder ?? (url === undefined || !URL.canParse(url) ? '' : new URL(url).origin + new URL(url).pathname);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
