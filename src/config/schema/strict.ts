import * as v from 'valibot';

/** Marks the message of an unknown key; what follows are the keys that are known, for the suggestion. */
export const KNOWN_KEYS = 'known keys: ';

/** An object without unknown keys. The message carries the known ones, because valibot's issue doesn't. */
export function strict<const TEntries extends v.ObjectEntries>(
  entries: TEntries,
): v.StrictObjectSchema<TEntries, string> {
  return v.strictObject(entries, KNOWN_KEYS + Object.keys(entries).join(','));
}
