import type { ASTNode } from 'graphql';
import type { Issue } from '../../errors/Issue.ts';

/** Gathers what is wrong with one subgraph's words. */
export interface Reporter {
  readonly issues: Issue[];
  /** `coordinate` as in `Query.productById(id:)`; the line is the node's. */
  report(code: string, node: ASTNode | undefined, coordinate: string, message: string): void;
}

export function createReporter(subgraph: string): Reporter {
  const issues: Issue[] = [];
  return {
    issues,
    report(code, node, coordinate, message) {
      const start = node?.loc?.startToken;
      issues.push({
        message,
        code,
        path: coordinate,
        subgraphs: [subgraph],
        line: start?.line,
        column: start?.column,
      });
    },
  };
}
