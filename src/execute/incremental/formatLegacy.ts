import type { Batch } from './createDelivery.ts';
import type { PayloadFormat } from './PayloadFormat.ts';

/** The format of 2022 (`deferSpec=20220824`): each fragment by its path and label, nothing announced; what has failed is null. */
export function formatLegacy(): PayloadFormat {
  return {
    first: (result) => ({ ...result, hasNext: true }),
    next(batch, hasNext) {
      const incremental = [...given(batch), ...failed(batch)];
      return { hasNext, ...(incremental.length > 0 ? { incremental } : {}) };
    },
  };
}

function given(batch: Batch) {
  return batch.given.map((part) => {
    if (part.kind === 'fields')
      return entry(part.group.label, { data: part.data, path: part.path, errors: part.errors });
    const { list, items, errors } = part;
    return entry(list.label, { items, path: [...list.path, list.initialCount], errors });
  });
}

function failed({ completed }: Batch) {
  return completed.flatMap(({ target, errors }) => {
    if (errors.length === 0) return [];
    const nothing = 'kind' in target ? { items: null } : { data: null };
    return [entry(target.label, { ...nothing, path: target.path, errors })];
  });
}

function entry<Part extends { readonly errors: readonly unknown[] }>(
  label: string | undefined,
  { errors, ...part }: Part,
) {
  return { ...part, ...(errors.length > 0 ? { errors } : {}), ...(label === undefined ? {} : { label }) };
}
