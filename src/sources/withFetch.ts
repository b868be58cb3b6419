import type { Source } from '../execute/Source.ts';

/** The same source with another `fetch`. Not a spread: an embedder's source may be an instance of a class. */
export function withFetch(source: Source, fetch: Source['fetch']): Source {
  const { name, reusesEntities, subscribe, visible, close } = source;
  return {
    name,
    fetch,
    reusesEntities,
    ...(subscribe === undefined ? {} : { subscribe: (request) => subscribe.call(source, request) }),
    ...(visible === undefined ? {} : { visible: (context) => visible.call(source, context) }),
    ...(close === undefined ? {} : { close: () => close.call(source) }),
  };
}
