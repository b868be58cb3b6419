import { type FSWatcher, statSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Clock } from './Clock.ts';

/** Editors and deployments touch a file several times in a row; only the last touch counts. */
const QUIET_MILLISECONDS = 50;

export interface FileWatch {
  /** Watches these files (absolute paths, they need not exist) and no others. One that changed after `readAt` counts as changed if it is new here. */
  update(files: ReadonlySet<string>, readAt: Date): void;
  close(): void;
}

export interface FileWatchOptions {
  readonly clock: Clock;
  readonly onChange: () => void;
  readonly onError: (folder: string, error: unknown) => void;
}

/** Watches folders, not files: an editor that replaces a file by renaming another one leaves a watch on the file behind. */
export function watchFiles({ clock, onChange, onError }: FileWatchOptions): FileWatch {
  const folders = new Map<string, { readonly watcher: FSWatcher; names: Set<string> }>();
  let cancel: (() => void) | undefined;

  const touch = (): void => {
    cancel?.();
    cancel = clock.after(QUIET_MILLISECONDS, onChange);
  };
  const openFolder = (folder: string, names: Set<string>): void => {
    try {
      const watcher = watch(folder, { persistent: false }, (_event, name) => {
        // `..data` is how mounted ConfigMaps replace all of their files at once.
        if (name === null || name === '..data' || folders.get(folder)?.names.has(name) === true) touch();
      });
      watcher.on('error', (error) => onError(folder, error));
      folders.set(folder, { watcher, names });
    } catch (error) {
      onError(folder, error);
    }
  };

  return {
    update(files, readAt) {
      const wanted = Map.groupBy(files, dirname);
      for (const [folder, { watcher }] of folders) {
        if (wanted.has(folder)) continue;
        watcher.close();
        folders.delete(folder);
      }
      for (const [folder, paths] of wanted) {
        const known = folders.get(folder);
        const names = new Set(paths.map((path) => basename(path)));
        const fresh = paths.filter((path) => known?.names.has(basename(path)) !== true);
        if (known === undefined) openFolder(folder, names);
        else known.names = names;
        if (fresh.some((path) => isNewerThan(path, readAt))) touch();
      }
    },
    close() {
      cancel?.();
      for (const { watcher } of folders.values()) watcher.close();
      folders.clear();
    },
  };
}

function isNewerThan(path: string, date: Date): boolean {
  try {
    return statSync(path).mtimeMs > date.getTime();
  } catch {
    // Not there, or not to be read: the load has said so.
    return false;
  }
}
