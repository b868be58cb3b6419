import { once } from 'node:events';
import { WebSocket } from 'ws';

export interface Inspector {
  /** Megabytes that V8 holds after a full garbage collection: objects, and what lies outside of the heap for them. */
  heap(): Promise<number>;
  close(): void;
}

interface Usage {
  readonly usedSize: number;
  readonly backingStorageSize?: number;
}

/** Speaks to a Node process that was started with `--inspect=127.0.0.1:PORT`: its code needs to know nothing of it. */
export async function openInspector(port: number): Promise<Inspector> {
  const targets = (await (await fetch(`http://127.0.0.1:${port}/json`)).json()) as readonly {
    readonly webSocketDebuggerUrl: string;
  }[];
  const socket = new WebSocket(targets[0]?.webSocketDebuggerUrl ?? '', { perMessageDeflate: false });
  await once(socket, 'open');
  const waiting = new Map<number, (result: unknown) => void>();
  let last = 0;
  socket.on('message', (data) => {
    const { id, result } = JSON.parse(String(data)) as { readonly id?: number; readonly result?: unknown };
    if (id === undefined) return;
    waiting.get(id)?.(result);
    waiting.delete(id);
  });
  const send = (method: string): Promise<unknown> =>
    new Promise((resolve, reject) => {
      last += 1;
      waiting.set(last, resolve);
      socket.send(JSON.stringify({ id: last, method }), (error) => error && reject(error));
    });
  return {
    async heap() {
      // What the first one finalizes, the second one frees.
      for (let n = 0; n < 2; n += 1) await send('HeapProfiler.collectGarbage');
      const { usedSize, backingStorageSize = 0 } = (await send('Runtime.getHeapUsage')) as Usage;
      return (usedSize + backingStorageSize) / 2 ** 20;
    },
    close: () => socket.close(),
  };
}
