/** The JSON of a response with the status 200. Rejects with what came instead; what is longer than `most` bytes is not read to its end. */
export async function readBoundedJson(response: Response, most = 1_048_576): Promise<unknown> {
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`Expected the status 200, got ${response.status}.`);
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > most) throw new Error(`Expected at most ${most} bytes.`);
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}
