/**
 * What: the shortest way of all, from a text that was asked before to the answer that is remembered. Where: behind the hooks that act before parse.
 * A caller sees what it would have seen; undefined sends it the long way, which notes the text for the next.
 */
import type { DocumentNode, ExecutionResult } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { GatewayContext } from '../../context.ts';
import { freshnessOf } from '../../execute/freshness.ts';
import type { GatewayPlugin, OpenContext, OperationParams } from '../../plugins/GatewayPlugin.ts';
import type { FrontDoorPlugins } from '../../plugins/gatewayPlugins.ts';
import type { ServedSnapshot } from '../../plugins/ServedSnapshot.ts';

export interface Recall {
  find(params: OperationParams, context: OpenContext): ExecutionResult | undefined;
  /** Of a document that is valid in `snapshot`, what was answered. */
  note(params: OperationParams, asked: Asked): void;
}

interface Asked {
  readonly document: DocumentNode;
  readonly snapshot: ServedSnapshot;
  readonly result: unknown;
}

/** Characters of all texts together. */
const MOST_CHARACTERS = 1_000_000;

export interface RecallOptions {
  readonly frontDoor: FrontDoorPlugins;
  /** The embedder's: they may look at anything. */
  readonly plugins: readonly GatewayPlugin[];
  readonly current: () => ServedSnapshot | undefined;
}

/** Undefined where a plugin has to see each operation. */
export function createRecall({ frontDoor, plugins: others, current }: RecallOptions): Recall | undefined {
  const plugins = Object.values<GatewayPlugin | undefined>({ ...frontDoor }).filter((plugin) => plugin !== undefined);
  if (others.length > 0 || !plugins.every(actsBeforeParse)) return undefined;
  const tellers = plugins.flatMap(({ onRecalled }) => onRecalled ?? []);
  const known = new LRUCache<string, DocumentNode>({
    maxSize: MOST_CHARACTERS,
    sizeCalculation: (_document, text) => text.length + 1,
  });
  // One for all texts: a text that nobody asks again would hold its whole generation otherwise.
  let snapshot: ServedSnapshot | undefined;
  return {
    find({ query = '', operationName, variables }, context) {
      if (snapshot === undefined || snapshot !== current()) return undefined;
      const document = known.get(query);
      if (document === undefined) return undefined;
      const result = snapshot.recall({ document, operationName, variables, context: context as GatewayContext });
      if (result !== undefined) for (const tell of tellers) tell({ document, operationName, result, context });
      return result;
    },
    note({ query = '' }, { document, snapshot: answered, result }) {
      // What was not to be remembered this time will not be the next time.
      if (answered !== current() || freshnessOf(result as ExecutionResult) === undefined) return;
      if (answered !== snapshot) known.clear();
      snapshot = answered;
      known.set(query, document);
    },
  };
}

function actsBeforeParse({ onParams: _params, onConnect: _connect, ...others }: GatewayPlugin): boolean {
  return others.onRecalled !== undefined || Object.keys(others).length === 0;
}
