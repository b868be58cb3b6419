/** `user-{$key.id}` with the values in it; undefined where one is not there. */
export function formatCacheTag(
  format: string,
  values: Readonly<Record<'key' | 'args', Readonly<Record<string, unknown>>>>,
): string | undefined {
  let isWhole = true;
  const text = format.replaceAll(/\{\s*\$(key|args)\.([\w.]+)\s*\}/g, (_, source: 'key' | 'args', path: string) => {
    const value = path
      .split('.')
      .reduce<unknown>(
        (inner, name) =>
          typeof inner === 'object' && inner !== null && Object.hasOwn(inner, name)
            ? (inner as Readonly<Record<string, unknown>>)[name]
            : undefined,
        values[source],
      );
    if (value === undefined || value === null || typeof value === 'object') isWhole = false;
    return String(value);
  });
  return isWhole ? text : undefined;
}
