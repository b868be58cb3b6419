/** Waits for the pong of each ping that was sent. */
export interface PongWatch {
  /** The listeners of a graphql-ws client. */
  onPing(received: boolean): void;
  onPong(received: boolean): void;
  /** Gives a pong that is still due its whole time again. */
  restart(): void;
  stop(): void;
}

/** Calls `onQuiet` where a pong takes longer than `timeout` milliseconds. */
export function createPongWatch(timeout: number, onQuiet: () => void): PongWatch {
  let timer: NodeJS.Timeout | undefined;
  let isDue = false;
  const wait = (): void => {
    clearTimeout(timer);
    timer = setTimeout(onQuiet, timeout);
  };
  const settle = (): void => {
    isDue = false;
    clearTimeout(timer);
  };
  return {
    onPing(received) {
      if (!received) {
        isDue = true;
        wait();
      }
    },
    onPong(received) {
      if (received) {
        settle();
      }
    },
    restart() {
      if (isDue) {
        wait();
      }
    },
    stop: settle,
  };
}
