import type { Config } from '../config/Config.ts';
import { loadConfig } from '../config/loadConfig.ts';
import { formatIssue } from '../errors/Issue.ts';
import type { Log } from '../lib/Log.ts';
import type { GatewayOptions } from './GatewayOptions.ts';

/** Reads the configuration that the options mean; may be called again, for a reload. Rejects with an `IssuesError`. */
export async function readGatewayConfig(options: GatewayOptions, log: Log): Promise<Config> {
  const {
    plugins: _plugins,
    sources: _sources,
    log: _log,
    examples: _examples,
    policies: _policies,
    siblings: _siblings,
    ...rest
  } = options;
  if (isDecoded(rest)) return rest;
  const place = { directory: process.cwd() };
  const { config, warnings } = await loadConfig(
    'configFile' in rest ? { ...place, file: rest.configFile, overrides: rest.overrides } : { ...place, input: rest },
  );
  for (const warning of warnings) log.warn(formatIssue(warning).trim());
  return config;
}

function isDecoded(value: object): value is Config {
  return 'directory' in value && 'files' in value && 'state_directory' in value;
}
