import type { GraphQLError } from 'graphql';
import type { DeferSet, DeferUsage } from '../../plan/defers.ts';
import type { Later, LaterFields, LaterItems, ProjectedPart } from '../Later.ts';

type Path = readonly (string | number)[];
type Fields = Readonly<Record<string, unknown>>;

/** One `@defer` at one object of the answer. */
export interface Group {
  readonly path: Path;
  readonly label: string | undefined;
}

interface OpenGroup extends Group {
  readonly tasks: Set<Task>;
  readonly children: OpenGroup[];
  /** `announced`: the client waits for it. */
  state: 'unknown' | 'announced' | 'done' | 'failed';
}

/** Fields that belong to one or more groups, at one object. */
interface Task {
  readonly later: LaterFields;
  readonly groups: readonly OpenGroup[];
  readonly streams: LaterItems[];
  part: ProjectedPart<Fields> | null;
}

/** What has become of groups and lists since the last look. */
export interface Batch {
  readonly pending: (Group | LaterItems)[];
  /** In an order in which each has a place in what came before. */
  readonly given: (GivenFields | GivenItems)[];
  readonly completed: { readonly target: Group | LaterItems; readonly errors: Errors }[];
}

export interface GivenFields {
  readonly kind: 'fields';
  readonly group: Group;
  readonly path: Path;
  readonly data: Fields;
  readonly errors: Errors;
}

export interface GivenItems {
  readonly kind: 'items';
  readonly list: LaterItems;
  readonly items: readonly unknown[];
  readonly errors: Errors;
}

type Errors = readonly GraphQLError[];

/**
 * The books of what is still to be given. The rules are those of graphql-js 17: a group is given whole, the fields of several groups with
 * the first of them; a group inside another one is announced when the outer one is over, and dropped when that has failed.
 */
export interface Delivery {
  /** Enters what the first part has left for later. */
  open(later: readonly Later[]): Batch;
  /** Gives what can be given by now. */
  advance(): Batch;
  readonly isDone: boolean;
}

export interface DeliveryOptions {
  readonly sets: readonly (readonly DeferUsage[])[];
  /** Whether all that is fetched for these fields is in. */
  readonly isReady: (defer: DeferSet) => boolean;
  /** A fault while fields are put together, as what the client sees of it; throws where that is nothing. */
  readonly toErrors: (fault: unknown) => Errors;
}

export function createDelivery({ sets, isReady, toErrors }: DeliveryOptions): Delivery {
  const groups = new Map<string, OpenGroup>();
  const open = new Set<OpenGroup>();
  const lists = new Set<LaterItems>();

  /** The group of a usage whose fragment stands at or above `path`. */
  function groupOf(usage: DeferUsage, path: Path, roots: OpenGroup[]): OpenGroup {
    const at = prefixOf(path, usage.keys.length);
    const name = `${usage.id} ${JSON.stringify(at)}`;
    const known = groups.get(name);
    if (known !== undefined) return known;
    const parent = usage.parent === null ? null : groupOf(usage.parent, at, roots);
    const group: OpenGroup = { path: at, label: usage.label, tasks: new Set(), children: [], state: 'unknown' };
    groups.set(name, group);
    if (parent?.state === 'failed') group.state = 'failed';
    else if (parent === null || parent.state === 'done') roots.push(group);
    else parent.children.push(group);
    return group;
  }

  /** Enters tasks and lists; those of a task are announced with it. */
  function enter(later: readonly Later[], batch: Batch, within: Task | null): void {
    const roots: OpenGroup[] = [];
    const found: LaterItems[] = [];
    for (const entry of later) {
      if (entry.kind === 'items') {
        found.push(entry);
        continue;
      }
      const own = (sets[entry.defer] ?? []).map((usage) => groupOf(usage, entry.path, roots));
      const task: Task = {
        later: entry,
        groups: own.filter((group) => group.state !== 'failed'),
        streams: [],
        part: null,
      };
      for (const group of task.groups) group.tasks.add(task);
    }
    announce(roots, batch);
    for (const list of found) {
      if (within === null) announceList(list, batch);
      else within.streams.push(list);
    }
  }

  /** A group without fields of its own is never told of, but for what is inside it. */
  function announce(found: readonly OpenGroup[], batch: Batch): void {
    for (const group of found) {
      if (group.tasks.size === 0) {
        group.state = 'done';
        announce(group.children, batch);
        continue;
      }
      group.state = 'announced';
      open.add(group);
      batch.pending.push(group);
    }
  }

  function announceList(list: LaterItems, batch: Batch): void {
    lists.add(list);
    batch.pending.push(list);
  }

  function runTask(task: Task, batch: Batch): void {
    try {
      task.part = task.later.project();
    } catch (fault) {
      task.part = { data: undefined, errors: toErrors(fault), later: [] };
    }
    enter(task.part.later, batch, task);
  }

  function finish(group: OpenGroup, batch: Batch): void {
    group.state = 'done';
    open.delete(group);
    const streams: LaterItems[] = [];
    for (const task of group.tasks) {
      const { part, later, groups: own } = task;
      if (part?.data !== undefined)
        batch.given.push({
          kind: 'fields',
          group: closest(group, own),
          path: later.path,
          data: part.data,
          errors: part.errors,
        });
      streams.push(...task.streams);
      for (const other of own) other.tasks.delete(task);
    }
    batch.completed.push({ target: group, errors: [] });
    announce(group.children, batch);
    for (const list of streams) announceList(list, batch);
  }

  function fail(group: OpenGroup): void {
    group.state = 'failed';
    open.delete(group);
    for (const child of group.children) fail(child);
  }

  function runList(list: LaterItems, batch: Batch): void {
    lists.delete(list);
    const items: unknown[] = [];
    const errors: GraphQLError[] = [];
    let failure: Errors = [];
    try {
      for (const part of list.project()) {
        if (part.data === undefined) {
          failure = part.errors;
          break;
        }
        items.push(part.data);
        errors.push(...part.errors);
        enter(part.later, batch, null);
      }
    } catch (fault) {
      failure = toErrors(fault);
    }
    if (items.length > 0) batch.given.push({ kind: 'items', list, items, errors });
    batch.completed.push({ target: list, errors: failure });
  }

  /** Whether anything has been done: each task and group that is done may enter others that can be, too. */
  function pass(batch: Batch): boolean {
    const before = batch.completed.length;
    for (const list of [...lists]) runList(list, batch);
    const ready = [...open]
      .flatMap((group) => [...group.tasks])
      .filter((task) => task.part === null && isReady(task.later.defer));
    for (const task of new Set(ready)) runTask(task, batch);
    for (const group of [...open]) {
      const failed = [...group.tasks].find(({ part }) => part !== null && part.data === undefined);
      if (failed !== undefined) {
        fail(group);
        batch.completed.push({ target: group, errors: failed.part?.errors ?? [] });
      } else if ([...group.tasks].every(({ part }) => part !== null)) finish(group, batch);
    }
    return ready.length > 0 || batch.completed.length > before;
  }

  return {
    open(later) {
      const batch = createBatch();
      enter(later, batch, null);
      return batch;
    },
    advance() {
      const batch = createBatch();
      while (pass(batch));
      return batch;
    },
    get isDone() {
      return open.size === 0 && lists.size === 0;
    },
  };
}

function createBatch(): Batch {
  return { pending: [], given: [], completed: [] };
}

/** Of the groups that the client waits for, the one whose path says the most. */
function closest(group: OpenGroup, others: readonly OpenGroup[]): OpenGroup {
  let best = group;
  for (const other of others) if (other.state === 'announced' && other.path.length > best.path.length) best = other;
  return best;
}

/** The path of the object that so many response keys lead to: list indices at its end belong to it. */
function prefixOf(path: Path, keys: number): Path {
  let left = keys;
  let end = 0;
  while (end < path.length && (left > 0 || typeof path[end] === 'number')) {
    if (typeof path[end] === 'string') left -= 1;
    end += 1;
  }
  return path.slice(0, end);
}
