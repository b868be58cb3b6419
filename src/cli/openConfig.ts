import type { Config } from '../config/Config.ts';
import { type ConfigOverrides, loadConfig } from '../config/loadConfig.ts';
import { formatIssue } from '../errors/Issue.ts';
import type { CommandValues } from './commands.ts';
import { readOverrides } from './readOverrides.ts';

/** The configuration that a command line means; warnings go to standard error. Rejects with an `IssuesError` or a `UsageError`. */
export async function openConfig(values: CommandValues, further: ConfigOverrides = {}): Promise<Config> {
  const { file, overrides } = readOverrides(values);
  const options = { file, directory: process.cwd(), env: process.env, overrides: { ...overrides, ...further } };
  // A finished supergraph on the command line stands for itself: a configuration that happens to lie here has no say.
  const alone = file === undefined && overrides.supergraph !== undefined ? { input: {} } : {};
  const { config, warnings } = await loadConfig({ ...options, ...alone });
  for (const warning of warnings) console.error(`Warning:\n${formatIssue(warning)}`);
  return config;
}
