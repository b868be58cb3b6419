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
  let rest = '';
  let skipLineFeed = false;
  let event = '';
  let data: string[] = [];
  let dataSize = 0;

  const readLine = (line: string, events: ServerSentEvent[]): void => {
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
  };

  return (chunk) => {
    const events: ServerSentEvent[] = [];
    let scan = rest.length;
    rest += decoder.decode(chunk, { stream: true });
    let start = 0;
    if (skipLineFeed && rest !== '') {
      start = rest.startsWith('\n') ? 1 : 0;
      scan = Math.max(scan, start);
      skipLineFeed = false;
    }
    for (; scan < rest.length; scan++) {
      const character = rest[scan];
      if (character !== '\n' && character !== '\r') {
        continue;
      }
      readLine(rest.slice(start, scan), events);
      if (character === '\r') {
        if (scan + 1 === rest.length) {
          skipLineFeed = true;
        } else if (rest[scan + 1] === '\n') {
          scan++;
        }
      }
      start = scan + 1;
    }
    rest = rest.slice(start);
    if (rest.length + dataSize > maxSize) {
      throw new RangeError(`An event is longer than ${maxSize} characters.`);
    }
    return events;
  };
}
