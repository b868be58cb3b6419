/** The blocks of a Server-Sent-Events answer, comments left out, as they come. */
export async function* readEvents(response: Response): AsyncGenerator<{ event: string; data: unknown }, void, void> {
  if (response.body === null) return;
  let rest = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    rest += chunk;
    const blocks = rest.split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const lines = block.split('\n');
      const event = lines.find((line) => line.startsWith('event: '))?.slice('event: '.length);
      const data = lines.find((line) => line.startsWith('data: '))?.slice('data: '.length);
      if (event !== undefined) yield { event, data: data === undefined ? undefined : JSON.parse(data) };
    }
  }
}
