/** The port that the gateway was told to listen on belongs to another program. */
export class PortTakenError extends Error {
  readonly code = 'PORT_TAKEN';
  readonly port: number;

  constructor(host: string, port: number) {
    super(
      `Port ${port} on ${host} is taken by another program. Choose another one with --port, with the variable WEFT_PORT, or with "port" in the configuration.`,
    );
    this.port = port;
  }
}
