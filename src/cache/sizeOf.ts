/** Bytes that JSON takes on the heap of V8, measured with pointers of eight bytes; strings of Latin letters take one a letter, others two. */
export function sizeOf(value: unknown): number {
  switch (typeof value) {
    case 'string':
      return sizeOfText(value);
    case 'number':
      return Number.isInteger(value) && Math.abs(value) < 0x4000_0000 ? 0 : 16;
    case 'object':
      return value === null ? 0 : sizeOfObject(value);
    default:
      return 0;
  }
}

export function sizeOfText(text: string): number {
  // The first character that does not fit into a byte makes the whole text wide.
  const isWide = /[^\0-\xff]/.test(text);
  return 16 + ((text.length * (isWide ? 2 : 1) + 7) & ~7);
}

function sizeOfObject(value: object): number {
  if (Array.isArray(value)) {
    let size = 32 + value.length * 8;
    for (const item of value) size += sizeOf(item);
    return size;
  }
  // Names are shared by all objects; of each there are a header and a slot a member.
  let size = 32;
  for (const name in value) size += 8 + sizeOf((value as Readonly<Record<string, unknown>>)[name]);
  return size;
}
