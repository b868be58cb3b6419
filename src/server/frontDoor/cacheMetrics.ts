import type { Cache } from '../../cache/createCache.ts';
import type { Metric } from '../../lib/Metric.ts';

interface Counted {
  readonly parts: Cache['counts'];
  readonly memory: { readonly size: number };
  readonly answers: { readonly hits: number; readonly size: number } | undefined;
}

export function cacheMetrics({ parts, memory, answers }: Counted): readonly Metric[] {
  return [
    {
      name: 'weft_cache_parts_total',
      help: 'Root fields and entities that were asked for, by whether they were remembered.',
      kind: 'counter',
      labels: ['outcome'],
      read: () => [
        { labels: { outcome: 'hit' }, value: parts.hits },
        { labels: { outcome: 'miss' }, value: parts.misses },
      ],
    },
    {
      name: 'weft_cache_answers_total',
      help: 'Whole answers that were given because they were remembered.',
      kind: 'counter',
      read: () => [{ value: answers?.hits ?? 0 }],
    },
    {
      name: 'weft_cache_bytes',
      help: 'Memory of this process that remembered parts and answers take.',
      kind: 'gauge',
      labels: ['what'],
      read: () => [
        { labels: { what: 'parts' }, value: memory.size },
        { labels: { what: 'answers' }, value: answers?.size ?? 0 },
      ],
    },
  ];
}
