/** A problem of a configuration, a schema document or a composition. They come as lists: all problems at once, never the first throw. */
export interface Issue {
  /** What was expected, what came: one sentence or two, names in double quotes. */
  readonly message: string;
  /** The file concerned, as the user wrote it. */
  readonly file?: string | undefined;
  /** 1-based; where there is no file, in the schema of the first subgraph. */
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  /** Where in the document: `subgraphs[0].schema.file`, or a schema coordinate such as `Product.price`. */
  readonly path?: string | undefined;
  /** Names of the subgraphs concerned. */
  readonly subgraphs?: readonly string[] | undefined;
  /** A stable word for programs, such as `INVALID_FIELD_SHARING`. */
  readonly code?: string | undefined;
}

/** Thrown (or rejected with) where a configuration or a composition cannot be used; carries all issues. */
export class IssuesError extends Error {
  readonly issues: readonly Issue[];

  constructor(summary: string, issues: readonly Issue[]) {
    super([summary, ...issues.map(formatIssue)].join('\n'));
    this.issues = issues;
  }
}

/** `file:line:column path: message` with the parts that are known. */
export function formatIssue(issue: Issue): string {
  const position =
    issue.line === undefined ? '' : `:${issue.line}${issue.column === undefined ? '' : `:${issue.column}`}`;
  const place = [issue.file === undefined ? '' : `${issue.file}${position}`, issue.path ?? '']
    .filter((part) => part !== '')
    .join(' ');
  const [first, ...others] = issue.subgraphs ?? [];
  const graphs =
    first === undefined ? '' : ` [${[first + (issue.file === undefined ? position : ''), ...others].join(', ')}]`;
  const code = issue.code === undefined ? '' : `${issue.code}: `;
  return `  - ${place === '' ? '' : `${place}: `}${code}${issue.message}${graphs}`;
}
