import type { ConfigOverrides } from '../config/loadConfig.ts';
import type { CommandValues } from './commands.ts';
import { UsageError } from './UsageError.ts';

export interface ConfigSource {
  readonly file: string | undefined;
  readonly overrides: ConfigOverrides;
}

/** The options that several commands share. Throws a `UsageError` for a port that is none. */
export function readOverrides(values: CommandValues): ConfigSource {
  const port = text(values, 'port');
  if (port !== undefined && !(/^\d+$/.test(port) && Number(port) <= 65_535)) {
    throw new UsageError(`Option "--port" needs an integer from 0 to 65535; got "${port}".`);
  }
  const overrides = {
    host: text(values, 'host'),
    port: port === undefined ? undefined : Number(port),
    supergraph: text(values, 'supergraph'),
  };
  return { file: text(values, 'config'), overrides };
}

function text(values: CommandValues, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}
