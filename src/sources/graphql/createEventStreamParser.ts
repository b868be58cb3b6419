/** One event of a `text/event-stream` (WHATWG HTML, section "Server-sent events"). */
export interface ServerSentEvent {
  /** `message` where the stream gives none. */
  readonly event: string;
  readonly data: string;
}

/**
 * Makes a function that takes the chunks of an event stream, split anywhere, and gives the events that are complete.
 * Throws a RangeError where one line or one event is longer than `maxSize` characters.
 */
export function createEventStreamParser(maxSize = 64 * 1024 * 1024): (chunk: Uint8Array) => ServerSentEvent[] {
  const decoder = new TextDecoder();
  const reader = createLineReader();
  // Of a line whose end has not come. Never looked into: each look would copy all of it, and a long line comes in a thousand chunks.
  let rest = '';
  let skipLineFeed = false;
  return (chunk) => {
    const text = decoder.decode(chunk, { stream: true });
    let start = 0;
    if (skipLineFeed && text !== '') {
      start = text.startsWith('\n') ? 1 : 0;
      skipLineFeed = false;
    }
    for (let scan = start; scan < text.length; scan++) {
      const character = text[scan];
      if (character !== '\n' && character !== '\r') {
        continue;
      }
      reader.readLine(rest + text.slice(start, scan));
      rest = '';
      if (character === '\r') {
        skipLineFeed = scan + 1 === text.length;
        scan += text[scan + 1] === '\n' ? 1 : 0;
      }
      start = scan + 1;
    }
    rest += text.slice(start);
    if (rest.length + reader.pendingSize() > maxSize) {
      throw new RangeError(`An event is longer than ${maxSize} characters.`);
    }
    return reader.takeEvents();
  };
}

/** Fields to events; an empty line ends an event. Comments have an empty field name. */
function createLineReader() {
  let events: ServerSentEvent[] = [];
  let event = '';
  let data: string[] = [];
  let dataSize = 0;
  return {
    readLine(line: string): void {
      if (line === '') {
        if (data.length > 0 || event !== '') {
          events.push({ event: event === '' ? 'message' : event, data: data.join('\n') });
        }
        event = '';
        data = [];
        dataSize = 0;
        return;
      }
      const colon = line.indexOf(':');
      const field = colon === -1 ? line : line.slice(0, colon);
      const value = colon === -1 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
      if (field === 'event') {
        event = value;
      } else if (field === 'data') {
        data.push(value);
        dataSize += value.length;
      }
    },
    pendingSize: () => dataSize,
    takeEvents(): ServerSentEvent[] {
      const taken = events;
      events = [];
      return taken;
    },
  };
}
