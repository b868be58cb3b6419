/** One element of ASN.1 in DER (X.690): a tag, and either bytes or further elements. */
export interface DerElement {
  /** The whole identifier octet: `0x30` is a SEQUENCE, `0xa3` the context's own `[3]`. */
  readonly tag: number;
  /** Without tag and length. */
  readonly content: Uint8Array;
  /** With tag and length. */
  readonly bytes: Uint8Array;
}

/** The elements that stand in these bytes one after the other. Throws a `RangeError` where they are not DER. */
export function readDer(bytes: Uint8Array): DerElement[] {
  const elements: DerElement[] = [];
  let at = 0;
  while (at < bytes.length) {
    const { start, end } = extentOf(bytes, at);
    elements.push({
      tag: bytes[at] ?? 0,
      content: bytes.subarray(start, end),
      bytes: bytes.subarray(at, end),
    });
    at = end;
  }
  return elements;
}

function extentOf(bytes: Uint8Array, at: number): { readonly start: number; readonly end: number } {
  const first = bytes[at + 1];
  if (first === undefined || ((bytes[at] ?? 0) & 0x1f) === 0x1f) throw new RangeError('Not DER: a tag without length.');
  const count = first < 0x80 ? 0 : first & 0x7f;
  // Four octets of length are more than any certificate or list has; without any, it would be BER.
  if (first === 0x80 || count > 4) throw new RangeError('Not DER: a length of another form.');
  let length = count === 0 ? first : 0;
  for (let octet = 0; octet < count; octet += 1) length = length * 256 + (bytes[at + 2 + octet] ?? 0);
  const start = at + 2 + count;
  if (start + length > bytes.length) throw new RangeError('Not DER: it ends before its length says.');
  return { start, end: start + length };
}
