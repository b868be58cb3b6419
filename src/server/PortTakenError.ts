const OF_CLIENTS = '--port, with the variable WEFT_PORT, or with "port" in the configuration';

/** The port that the gateway was told to listen on belongs to another program. `by` says how another one is chosen. */
export class PortTakenError extends Error {
  readonly code = 'PORT_TAKEN';
  readonly port: number;

  constructor(host: string, port: number, by = OF_CLIENTS) {
    super(`Port ${port} on ${host} is taken by another program. Choose another one with ${by}.`);
    this.port = port;
  }
}
