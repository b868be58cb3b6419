import { findConfigFile } from '../config/findConfigFile.ts';
import type { ConfigOverrides } from '../config/loadConfig.ts';
import { loadConfig } from '../config/loadConfig.ts';
import type { GatewayOptions } from '../server/GatewayOptions.ts';
import type { CommandValues } from './commands.ts';
import { readOverrides } from './readOverrides.ts';

/** What `serve` and `dev` make of a command line. Without any configuration it rejects with the issue that says so. */
export async function gatewayOptions(values: CommandValues, further: ConfigOverrides = {}): Promise<GatewayOptions> {
  const { file, overrides: given } = readOverrides(values);
  const overrides = { ...given, ...further };
  const { supergraph } = given;
  // A finished supergraph on the command line stands for itself: a configuration that happens to lie here has no say.
  if (file === undefined && supergraph !== undefined) {
    return Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined));
  }
  const configFile = file ?? findConfigFile(process.cwd());
  if (configFile !== undefined) return { configFile, overrides };
  return (await loadConfig({ directory: process.cwd(), env: process.env, overrides })).config;
}
