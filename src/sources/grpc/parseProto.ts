import protobuf from 'protobufjs';
import type { Issue } from '../../errors/Issue.ts';
import { findInFiles } from './findInFiles.ts';

export interface ProtoSource {
  /** Text by import name. */
  readonly files: Readonly<Record<string, string>>;
  readonly entry: readonly string[];
}

export interface ParsedProto {
  readonly root: protobuf.Root;
  /** Names of the services that the entry files define. */
  readonly services: readonly protobuf.Service[];
  readonly issues: readonly Issue[];
}

/** Parses the entry files and their imports; the well-known types come along by themselves. */
export function parseProto({ files, entry }: ProtoSource): ParsedProto {
  const root = new protobuf.Root();
  const known = new Map(Object.entries(files));
  const issues: Issue[] = [];
  const seen = new Set<string>();
  const services: protobuf.Service[] = [];
  const load = (name: string, from: string | undefined): void => {
    if (seen.has(name)) {
      return;
    }
    seen.add(name);
    const text = known.get(name);
    if (text === undefined) {
      const builtIn = protobuf.common.get(name)?.nested;
      if (builtIn !== undefined) {
        root.addJSON(builtIn);
      } else if (!/^google\/(protobuf|api)\//.test(name)) {
        // Google's own others define options, which are not read.
        const origin = from === undefined ? known : new Map([[from, known.get(from) ?? '']]);
        const place = findInFiles(origin, new RegExp(`\\bimport\\s[^;]*["']${escapePattern(name)}["']`));
        issues.push({ message: `Imported file "${name}" was not found.`, file: from ?? name, line: place?.line });
      }
      return;
    }
    const parsed = parseFile(root, name, text, issues);
    for (const imported of [...(parsed?.imports ?? []), ...(parsed?.weakImports ?? [])]) {
      load(imported, name);
    }
  };
  for (const name of entry) {
    const before = new Set(listServices(root));
    load(name, undefined);
    services.push(...listServices(root).filter((service) => !before.has(service)));
  }
  if (issues.length === 0) {
    issues.push(...resolveTypes(root, known));
  }
  return { root, services, issues };
}

function parseFile(
  root: protobuf.Root,
  name: string,
  text: string,
  issues: Issue[],
): protobuf.IParserResult | undefined {
  try {
    return protobuf.parse(text, root, { keepCase: true, alternateCommentMode: true });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const line = /\(line (\d+)\)/.exec(message)?.[1];
    issues.push({
      message: `The file is not valid proto: ${message.replace(/ \(.*line \d+\)/, '')}.`,
      file: name,
      ...(line === undefined ? {} : { line: Number(line) }),
    });
    return undefined;
  }
}

/** Every field and rpc whose type does not exist, each with its own issue. */
function resolveTypes(root: protobuf.Root, files: ReadonlyMap<string, string>): Issue[] {
  const issues: Issue[] = [];
  const attempt = (path: string, resolve: () => unknown, pattern?: RegExp): void => {
    try {
      resolve();
    } catch (error) {
      const place = pattern === undefined ? undefined : findInFiles(files, pattern);
      issues.push({ message: error instanceof Error ? `${error.message}.` : String(error), path, ...place });
    }
  };
  const visit = (namespace: protobuf.NamespaceBase): void => {
    for (const nested of namespace.nestedArray) {
      if (nested instanceof protobuf.Type) {
        for (const field of nested.fieldsArray) {
          const pattern = new RegExp(`\\b${escapePattern(field.type)}\\s+${field.name}\\s*=`);
          attempt(`${nested.fullName.slice(1)}.${field.name}`, () => field.resolve(), pattern);
        }
      }
      if (nested instanceof protobuf.Service) {
        for (const method of nested.methodsArray) {
          attempt(
            `${nested.fullName.slice(1)}.${method.name}`,
            () => method.resolve(),
            new RegExp(`\\brpc\\s+${method.name}\\b`),
          );
        }
      }
      if (nested instanceof protobuf.Namespace) {
        visit(nested);
      }
    }
  };
  visit(root);
  if (issues.length === 0) {
    attempt('', () => root.resolveAll());
  }
  return issues;
}

const escapePattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

function listServices(namespace: protobuf.NamespaceBase): protobuf.Service[] {
  return namespace.nestedArray.flatMap((nested) => [
    ...(nested instanceof protobuf.Service ? [nested] : []),
    ...(nested instanceof protobuf.Namespace ? listServices(nested) : []),
  ]);
}
