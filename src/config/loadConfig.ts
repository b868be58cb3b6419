/**
 * What: the configuration from file, environment and options. Where: at the start and at every reload; the only reader of both.
 * What a user sees: all problems of all kinds at once, each with its place.
 */
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, resolve } from 'node:path';
import * as v from 'valibot';
import { type Issue, IssuesError } from '../errors/Issue.ts';
import { isRecord } from '../lib/isRecord.ts';
import type { Config } from './Config.ts';
import { checkCredentials } from './checkCredentials.ts';
import { checkPatterns } from './checkPatterns.ts';
import { checkReferences } from './checkReferences.ts';
import { checkSafety } from './checkSafety.ts';
import { compileExpressions } from './compileExpressions.ts';
import { decodeConfig } from './decodeConfig.ts';
import { decodeSupergraphYaml, isSupergraphYaml, type Translated } from './decodeSupergraphYaml.ts';
import { decodeTls } from './decodeTls.ts';
import { decodeWgcCompose, isWgcCompose } from './decodeWgcCompose.ts';
import { type Environment, expandEnvironment } from './expandEnvironment.ts';
import { configFileNames, findConfigFile } from './findConfigFile.ts';
import { readConfigFile, withoutPosition } from './readConfigFile.ts';
import type { ReadDocument } from './readDocument.ts';
import type { ReadTls } from './readTlsFiles.ts';
import { readTypeDefs } from './readTypeDefs.ts';
import { configSchema } from './schema/configSchema.ts';
import { type PathIssue, toIssues } from './toIssues.ts';

export interface LoadConfigOptions {
  /** Relative to `directory`. Absent: `weft.config.yaml`, `.yml`, `.json`, `.ts` or `.js` of `directory`. */
  readonly file?: string | undefined;
  /** Absolute; what `file` and paths in `overrides` are relative to. */
  readonly directory: string;
  /** Default: the environment of the process. */
  readonly env?: Environment | undefined;
  /** A configuration without any file, in the words of a file; relative paths in it are resolved against `directory`. */
  readonly input?: unknown;
  /** From the command line or an embedder; wins over the file. */
  readonly overrides?: ConfigOverrides | undefined;
}

export interface ConfigOverrides {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly supergraph?: string | undefined;
  readonly graphiql?: boolean | undefined;
  readonly watch?: boolean | undefined;
}

export interface LoadedConfig {
  readonly config: Config;
  /** What is read but has no effect. */
  readonly warnings: readonly Issue[];
}

/** Rejects with an `IssuesError` that holds every problem. */
export async function loadConfig(options: LoadConfigOptions): Promise<LoadedConfig> {
  const { directory, overrides = {} } = options;
  const file = options.file ?? (options.input === undefined ? findConfigFile(directory) : undefined);
  const document = await openDocument(options, file);
  if (document.issues.length > 0) throw new IssuesError('The configuration cannot be read.', document.issues);

  const home = file === undefined ? directory : dirname(resolve(directory, file));
  const toAbsolute = (path: string): string => (isAbsolute(path) ? path : resolve(home, path));
  const translated = translate(document.value);
  // Code stays the very object that the user made: it has no texts to expand, and nobody but he may freeze it.
  const { additionalResolvers, ...texts } = isRecord(translated.input) ? translated.input : {};
  const code = additionalResolvers === undefined ? {} : { additionalResolvers };
  const env = options.env ?? process.env;
  const expanded = expandEnvironment(isRecord(translated.input) ? texts : translated.input, env);
  const value = override(expanded.value, {
    ...code,
    ...overrides,
    supergraph: overrides.supergraph && resolve(directory, overrides.supergraph),
  });
  const result = v.safeParse(configSchema, value);
  const references = { exists: (path: string) => existsSync(toAbsolute(path)), resolve: toAbsolute };
  const unset = new Set(expanded.issues.map(({ path }) => path.join('\0')));
  const credentials = { read: (path: string) => readFileSync(toAbsolute(path), 'utf8'), env };
  const found = [
    ...toIssues(result.issues ?? []),
    ...checkReferences(value, references),
    ...checkCredentials(value, credentials),
  ].filter(({ path }) => !unset.has(path.join('\0')));
  const expressions = await compileExpressions(value);
  const tls = await readTls(result, toAbsolute);
  const patterns = await checkPatterns(value);
  const issues = [
    ...translated.issues,
    ...expanded.issues,
    ...found,
    ...expressions.issues,
    ...tls.issues,
    ...patterns,
  ];
  if (!result.success || issues.length > 0)
    throw new IssuesError('The configuration is not valid.', inOrder(issues, document.place));

  const typeDefs = await readTypeDefs(result.output.additionalTypeDefs, {
    resolve: toAbsolute,
    readFile: (path) => readFile(path, 'utf8'),
  });
  const files = [
    ...(file === undefined ? [] : [resolve(directory, file)]),
    ...typeDefs.flatMap((entry) => entry.file ?? []),
  ];
  const config = deepFreeze(
    decodeConfig(result.output, { directory: home, resolve: toAbsolute, files, typeDefs, text: expressions.text, env }),
  );
  const resolvers = result.output.additionalResolvers;
  return {
    config: resolvers === undefined ? config : Object.freeze({ ...config, additionalResolvers: resolvers }),
    warnings: [...translated.warnings, ...tls.warnings, ...checkSafety(config)].map(document.place),
  };
}

type Parsed = v.SafeParseResult<typeof configSchema>;

/** Files that have to fit each other are read here, for it is here that one asks whether they do. */
async function readTls(result: Parsed, resolve: (path: string) => string): Promise<ReadTls> {
  if (!result.success || result.output.tls === undefined) return { issues: [], warnings: [] };
  const { readTlsFiles } = await import('./readTlsFiles.ts');
  return readTlsFiles(decodeTls(result.output.tls, resolve));
}

async function openDocument(
  { input, directory, overrides }: LoadConfigOptions,
  file: string | undefined,
): Promise<ReadDocument> {
  if (file !== undefined) return readConfigFile(file, directory);
  const value = input ?? (overrides?.supergraph === undefined ? undefined : {});
  if (value !== undefined) return { value, issues: [], place: withoutPosition() };
  const names = configFileNames.map((name) => `"${name}"`).join(', ');
  const message = `Expected a configuration in "${directory}"; there is none of ${names}. Give one with "--config FILE", or a finished graph with "--supergraph FILE".`;
  return { value, issues: [{ message }], place: withoutPosition() };
}

function translate(value: unknown): Translated {
  if (isSupergraphYaml(value)) return decodeSupergraphYaml(value);
  if (isWgcCompose(value)) return decodeWgcCompose(value);
  return { input: value ?? {}, issues: [], warnings: [] };
}

function override(value: unknown, overrides: ConfigOverrides): unknown {
  if (!isRecord(value)) return value;
  return { ...value, ...Object.fromEntries(Object.entries(overrides).filter(([, setting]) => setting !== undefined)) };
}

/** In the order of the file, so that a user can go through it from top to bottom. */
function inOrder(issues: readonly PathIssue[], place: (issue: PathIssue) => Issue): Issue[] {
  const placed = issues.map(place);
  return placed.toSorted(
    (one, other) => (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0),
  );
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const item of Object.values(value)) deepFreeze(item);
  }
  return value;
}
