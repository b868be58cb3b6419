import type { Siblings } from '../../sources/Siblings.ts';
import { type FromWorker, type ToWorker, WRITER } from './messages.ts';

/** A worker that does not answer for that long joins no read to what it held before: it is busy, or gone. */
const HEARD_WITHIN = 1_000;

/** The siblings of a worker, over its channel to the process that started it. */
export function createSiblings(): Siblings {
  const listeners: (() => void)[] = [];
  const waiting = new Map<number, () => void>();
  let lastId = 0;
  process.on('message', (message: ToWorker) => {
    if (message.kind === 'heard') waiting.get(message.id)?.();
    if (message.kind !== 'otherWrote') return;
    for (const listener of listeners) listener();
    tell({ kind: 'confirmed', of: message.of });
  });
  return {
    writesState: process.env[WRITER] === '1',
    tellWritten() {
      lastId += 1;
      const id = lastId;
      return new Promise((resolve) => {
        const done = () => {
          clearTimeout(timer);
          waiting.delete(id);
          resolve();
        };
        const timer = setTimeout(done, HEARD_WITHIN);
        waiting.set(id, done);
        tell({ kind: 'written', id });
      });
    },
    onWritten: (listener) => void listeners.push(listener),
  };
}

/** Whoever started this worker may be gone already. */
export function tell(message: FromWorker): void {
  if (process.connected) process.send?.(message);
}
