/** Thrown where a demo service finds its port in use. */
export class PortTakenError extends Error {
  readonly port: number;

  constructor(name: string, host: string, port: number) {
    const variable = `${name.toUpperCase()}_PORT`;
    super(
      `Port ${port} on ${host} is taken, so "${name}" cannot start. Choose another one with "--port N" or ${variable}=N.`,
    );
    this.port = port;
  }
}
