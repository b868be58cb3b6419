/** When tags were invalidated last, so that what was read before does not come in after. Counted, not measured: no two moments are equal. */
export interface TagTimes {
  now(): number;
  note(tags: readonly string[]): void;
  /** As if every tag had been noted. */
  noteAll(): void;
  /** Whether one of the tags was, or may have been, noted after that moment. */
  areAfter(tags: readonly string[], moment: number): boolean;
}

/** Tags that are known one by one; of all that were noted before these only the last moment is. */
const MOST = 10_000;

export function createTagTimes(most = MOST): TagTimes {
  const times = new Map<string, number>();
  let time = 0;
  let floor = 0;
  return {
    now: () => time,
    note(tags) {
      time += 1;
      for (const tag of tags) {
        times.delete(tag);
        times.set(tag, time);
      }
      for (const [tag, noted] of times) {
        if (times.size <= most) break;
        times.delete(tag);
        floor = noted;
      }
    },
    noteAll() {
      time += 1;
      floor = time;
      times.clear();
    },
    areAfter: (tags, moment) => floor > moment || tags.some((tag) => (times.get(tag) ?? 0) > moment),
  };
}
