import { formatIssue, type Issue } from '../errors/Issue.ts';
import type { Log } from '../lib/Log.ts';
import type { Clock } from './Clock.ts';
import type { SubgraphState, SubgraphStatus } from './Registry.ts';

export interface Observation {
  readonly name: string;
  readonly state: SubgraphState;
  readonly issues: readonly Issue[];
}

export interface StatusBoard {
  readonly subgraphs: readonly SubgraphStatus[];
  readonly issues: readonly Issue[];
  /** Takes the states of all subgraphs; logs those that changed. */
  observe(observations: readonly Observation[]): void;
  /** A graph is served in spite of these (mostly: none). */
  accept(issues: readonly Issue[]): void;
  /** Takes what keeps a new graph from being served; logs it whole, and once as long as it stays the same. */
  refuse(summary: string, issues: readonly Issue[]): void;
}

export function createStatusBoard(log: Log, clock: Clock): StatusBoard {
  let subgraphs: readonly SubgraphStatus[] = [];
  let issues: readonly Issue[] = [];
  let said = '';
  return {
    get subgraphs() {
      return subgraphs;
    },
    get issues() {
      return issues;
    },
    observe(observations) {
      subgraphs = observations.map(({ name, state, issues: reasons }) => {
        const known = subgraphs.find((entry) => entry.name === name);
        const reason = reasons.length === 0 ? {} : { reason: reasons.map(({ message }) => message).join(' ') };
        if (known?.state === state) return { name, state, since: known.since, ...reason };
        report(log, { name, state, reason: reason.reason ?? '', isNew: known === undefined });
        return { name, state, since: clock.now().toISOString(), ...reason };
      });
    },
    accept(found) {
      issues = found;
      said = '';
    },
    refuse(summary, found) {
      issues = found;
      const text = [summary, ...found.map(formatIssue)].join('\n');
      if (text !== said) log.error(text);
      said = text;
    },
  };
}

interface Change {
  readonly name: string;
  readonly state: SubgraphState;
  readonly reason: string;
  readonly isNew: boolean;
}

function report(log: Log, { name, state, reason, isNew }: Change): void {
  if (state === 'missing')
    log.warn(`Subgraph "${name}" is missing until its backend says its schema. ${reason}`.trim());
  if (state === 'last_good') log.warn(`Subgraph "${name}" is served by its last good schema. ${reason}`.trim());
  if (state === 'live' && !isNew) log.info(`The schema of subgraph "${name}" is loaded again.`);
}
