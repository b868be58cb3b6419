import type { Metric, Reading } from '../../lib/Metric.ts';
import type { DemandTotals } from '../../plugins/demand/DemandTotals.ts';

export function demandMetrics({ operations, subgraphs }: DemandTotals): readonly Metric[] {
  const subgraphReadings = (read: (subgraph: string) => Reading[]) => () => [...subgraphs.keys()].flatMap(read);
  const of = (name: string) => subgraphs.get(name) ?? { estimated: 0, actual: 0, refused: 0, calls: 0 };
  const both = (subgraph?: string): Reading[] => {
    const { estimated, actual } = subgraph === undefined ? operations : of(subgraph);
    const labels = subgraph === undefined ? {} : { subgraph };
    return [
      { labels: { ...labels, kind: 'estimated' }, value: estimated },
      { labels: { ...labels, kind: 'actual' }, value: actual },
    ];
  };
  return [
    {
      name: 'weft_operation_cost_total',
      help: 'What operations were estimated to cost, and what they did.',
      kind: 'counter',
      labels: ['kind'],
      read: () => both(),
    },
    {
      name: 'weft_operation_cost_refused_total',
      help: 'Operations that would have cost too much.',
      kind: 'counter',
      read: () => [{ value: operations.refused }],
    },
    {
      name: 'weft_subgraph_cost_total',
      help: 'What calls of subgraphs were estimated to cost, and what they did.',
      kind: 'counter',
      labels: ['subgraph', 'kind'],
      read: subgraphReadings(both),
    },
    {
      name: 'weft_subgraph_cost_refused_total',
      help: 'Calls of subgraphs that would have cost too much.',
      kind: 'counter',
      labels: ['subgraph'],
      read: subgraphReadings((subgraph) => [{ labels: { subgraph }, value: of(subgraph).refused }]),
    },
  ];
}
