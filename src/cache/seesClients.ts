import type { Source, SourceContext } from '../execute/Source.ts';

/** Whether what the subgraph sees hangs on who asks at all: it does where anything of the context is looked at. */
export function seesClients(source: Source): boolean {
  let isRead = false;
  const empty: SourceContext = { headers: { get: () => null } };
  const watched = new Proxy(empty, {
    get(target, name) {
      isRead = true;
      return Reflect.get(target, name);
    },
    has() {
      isRead = true;
      return false;
    },
  });
  try {
    source.visible?.(watched);
  } catch {
    return true;
  }
  return isRead;
}
