import { isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import type { Issue } from '../errors/Issue.ts';
import { formatPath } from '../lib/formatPath.ts';
import type { ConfigPath, PathIssue } from './toIssues.ts';

export interface ReadDocument {
  readonly value: unknown;
  /** Syntax errors; `value` is then what could be read. */
  readonly issues: readonly Issue[];
  /** Adds file, line and column. A path that the document doesn't have is placed at its nearest parent. */
  readonly place: (issue: PathIssue) => Issue;
}

/** YAML, and JSON as the part of YAML that it is, with the position of every value. `file` as messages show it. */
export function readDocument(source: string, file: string): ReadDocument {
  const lineCounter = new LineCounter();
  const document = parseDocument(source, { lineCounter, prettyErrors: false });
  const position = (offset: number): { line: number; column: number } => {
    const { line, col } = lineCounter.linePos(offset);
    return { line, column: col };
  };
  const issues = document.errors.map((error) => ({ file, ...position(error.pos[0]), message: error.message }));
  const place = ({ path, at, message }: PathIssue): Issue => {
    const offset = offsetOf(document, path, at);
    const where = path.length === 0 ? {} : { path: formatPath(path) };
    return { file, ...(offset === undefined ? {} : position(offset)), ...where, message };
  };
  if (issues.length > 0) return { value: undefined, issues, place };
  const value: unknown = document.toJS();
  const problem = shapeProblem(value);
  return problem === undefined
    ? { value, issues, place }
    : { value: undefined, issues: [{ file, ...position(0), message: problem }], place };
}

/** What keeps a document from being a configuration before any of its words is looked at. */
function shapeProblem(value: unknown): string | undefined {
  if (value !== null && value !== undefined && (typeof value !== 'object' || Array.isArray(value)))
    return `Expected a map of settings; found ${Array.isArray(value) ? 'a list' : JSON.stringify(value)}.`;
  try {
    JSON.stringify(value);
    return undefined;
  } catch {
    return 'Expected a tree of values; an alias is part of what it stands for.';
  }
}

type YamlDocument = ReturnType<typeof parseDocument>;

function offsetOf(document: YamlDocument, path: ConfigPath, at: 'key' | 'value'): number | undefined {
  if (at === 'key') {
    const key = keyOffset(document, path);
    if (key !== undefined) return key;
  }
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return undefined;
}

function keyOffset(document: YamlDocument, path: ConfigPath): number | undefined {
  const owner = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (!isMap(owner)) return undefined;
  const pair = owner.items.find(({ key }) => isScalar(key) && key.value === path.at(-1));
  return isScalar(pair?.key) ? pair.key.range?.[0] : undefined;
}
