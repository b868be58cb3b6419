import type { ParseArgsOptionDescriptor } from 'node:util';

export interface CommandOption extends ParseArgsOptionDescriptor {
  /** Stands for the value in the help; absent for a flag. */
  readonly value?: string | undefined;
  readonly help: string;
}

/** Values by option name, as `parseArgs` gives them. */
export type CommandValues = Readonly<Record<string, string | boolean | undefined>>;

export interface Command {
  readonly summary: string;
  readonly options: Readonly<Record<string, CommandOption>>;
  /** The exit code, after the command has done its work. */
  readonly run: (values: CommandValues) => Promise<number>;
}

const config = {
  type: 'string',
  short: 'c',
  value: 'FILE',
  help: 'Configuration; default: weft.config.yaml, .json, .ts of this folder',
} as const;
const supergraph = {
  type: 'string',
  value: 'FILE',
  help: 'A finished supergraph SDL; needs no configuration',
} as const;
const workers = {
  type: 'string',
  value: 'N',
  help: 'Processes that serve at one address; "auto": one a core; default: 1',
} as const;
const serving = {
  config,
  supergraph,
  port: { type: 'string', short: 'p', value: 'N', help: 'Port to listen on; 0 takes a free one' },
  host: { type: 'string', value: 'H', help: 'Address to listen on' },
} as const;

/** Every command by its words. Each is loaded when it is run: a small one starts fast. */
export const commands: ReadonlyMap<string, Command> = new Map<string, Command>([
  [
    'serve',
    {
      summary: 'Serve the graph',
      options: { ...serving, workers },
      run: async (values) => (await import('./serve.ts')).serve(values),
    },
  ],
  [
    'dev',
    {
      summary: 'Serve with GraphiQL, take over changed files at once',
      options: serving,
      run: async (values) => (await import('./dev.ts')).dev(values),
    },
  ],
  [
    'compose',
    {
      summary: 'Compose the subgraphs to one supergraph SDL',
      options: {
        config,
        output: { type: 'string', short: 'o', value: 'FILE', help: 'Where to; default: standard output' },
      },
      run: async (values) => (await import('./compose.ts')).compose(values),
    },
  ],
  [
    'plan',
    {
      summary: 'Print the plan of an operation',
      options: {
        operation: { type: 'string', value: 'FILE', help: 'The document; required' },
        'operation-name': { type: 'string', value: 'NAME', help: 'Which of its operations' },
        variables: { type: 'string', value: 'JSON', help: 'Variables, checked against the operation' },
        config,
        supergraph,
      },
      run: async (values) => (await import('./plan.ts')).plan(values),
    },
  ],
  [
    'config schema',
    {
      summary: 'Print the JSON Schema of the configuration',
      options: {},
      run: async () => (await import('./configSchema.ts')).configSchema(),
    },
  ],
  [
    'config validate',
    {
      summary: 'Check the configuration; list all problems',
      options: { config, supergraph },
      run: async (values) => (await import('./configValidate.ts')).configValidate(values),
    },
  ],
  [
    'hash api-key',
    {
      summary: 'Make an API key; print it and its hash',
      options: {},
      run: async () => (await import('./hash.ts')).hashApiKey(),
    },
  ],
  [
    'hash password',
    {
      summary: 'Print the hash of a password from standard input',
      options: {},
      run: async () => (await import('./hash.ts')).hashPasswordOfInput(),
    },
  ],
]);
