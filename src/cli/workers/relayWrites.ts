import type { Worker } from 'node:cluster';
import type { ToWorker } from './messages.ts';

export interface WriteRelay {
  /** Tells all other workers; the writer hears when each has confirmed. */
  relay(from: Worker, id: number): void;
  confirm(by: Worker, of: string): void;
  /** It can confirm nothing more. */
  forget(worker: Worker): void;
}

interface Write {
  readonly id: number;
  readonly from: Worker;
  readonly missing: Set<Worker>;
}

export function relayWrites(workers: () => readonly Worker[]): WriteRelay {
  const open = new Map<string, Write>();
  const settle = (of: string, write: Write): void => {
    if (write.missing.size > 0) return;
    open.delete(of);
    send(write.from, { kind: 'heard', id: write.id });
  };
  const confirm = (by: Worker, of: string): void => {
    const write = open.get(of);
    if (write?.missing.delete(by) === true) settle(of, write);
  };
  return {
    relay(from, id) {
      const of = `${from.id} ${id}`;
      const write: Write = { id, from, missing: new Set(workers().filter((worker) => worker !== from)) };
      open.set(of, write);
      for (const worker of write.missing) if (!send(worker, { kind: 'otherWrote', of })) write.missing.delete(worker);
      settle(of, write);
    },
    confirm,
    forget(worker) {
      for (const of of [...open.keys()]) confirm(worker, of);
    },
  };
}

function send(worker: Worker, message: ToWorker): boolean {
  if (!worker.isConnected()) return false;
  worker.send(message);
  return true;
}
