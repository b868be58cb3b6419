import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** Clock ticks a second in /proc. */
const TICKS = 100;

interface Stat {
  readonly parent: number;
  /** Ticks in user and system mode. */
  readonly ticks: number;
}

function statOf(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) };
  } catch {
    return undefined;
  }
}

/** A process and all that came of it. */
export function processTree(root: number): readonly number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const parent = /^\d+$/.test(name) ? statOf(Number(name))?.parent : undefined;
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found = [root];
  for (const pid of found) found.push(...(children.get(pid) ?? []));
  return found;
}

/** CPU time so far, in microseconds. */
export function cpuTime(pids: readonly number[]): number {
  return (pids.reduce((sum, pid) => sum + (statOf(pid)?.ticks ?? 0), 0) * 1e6) / TICKS;
}

/** Resident memory in MB: now (`VmRSS`), or the most since `forgetPeak` (`VmHWM`). */
export function memory(pids: readonly number[], figure: 'VmRSS' | 'VmHWM'): number {
  const pattern = new RegExp(`${figure}:\\s+(\\d+)`);
  const kilobytes = pids.map((pid) => {
    try {
      return Number(pattern.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
    } catch {
      return 0;
    }
  });
  return kilobytes.reduce((sum, one) => sum + one, 0) / 1024;
}

export function forgetPeak(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      writeFileSync(`/proc/${pid}/clear_refs`, '5');
    } catch {
      // Not ours to reset: the peak is then that since its start.
    }
  }
}
