/**
 * Counts what the benchmark's operations make a gateway do, and prints it as JSON: in a process of its own, started with `--expose-gc`,
 * so that no report of coverage is counted in.
 */
import { WORKLOADS } from '../../../bench/workloads.ts';
import type { Counts, OperationCounts } from './Counts.ts';
import { countCalls } from './countCalls.ts';
import { countHeld } from './countHeld.ts';
import { countPromoted } from './countPromoted.ts';
import { type Shop, startShop } from './startShop.ts';
import { type Code, watchCode } from './watchCode.ts';

const CALLS = {
  parse: '/graphql/language/parser',
  validate: '/graphql/validation/validate',
  createPlan: '/src/plan/createPlan',
  generateProjection: '/src/execute/generate/generateProjection',
};
const NAMES = 1000;
const MANY = 5000;
/** Until code is compiled, and counts stay. */
const WARM = 500;
const PROMOTING = 1000;
/** Members that nothing has but a plan. */
const PLAN = ['fetches', 'calls', 'output', 'deferSets'];
const AT_ONCE = 16;

type Body = (typeof WORKLOADS)[number]['body'];

function bodyOf(letter: string): Body {
  const found = WORKLOADS.find((workload) => workload.letter === letter);
  if (found === undefined) throw new Error(`There is no workload "${letter}".`);
  return found.body;
}

/** A light query under a name: of the heavy one the counts are the same. */
const named = (name: string) => ({ query: `query ${name} ${bodyOf('B').query}` });

async function inParallel(count: number, ask: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const line = async () => {
    while (next < count) await ask(next++);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, line));
}

/** Of the third answer: what is cached is there, and code is generated for the operation. */
async function countOne(shop: Shop, body: object, code: () => Code): Promise<OperationCounts> {
  const before = code();
  const planned = await shop.ask(body, { 'weft-plan': '1' });
  await shop.ask(body);
  await shop.asked();
  await shop.ask(body);
  const upstream = await shop.asked();
  const after = code();
  return {
    upstream: [...upstream].sort(),
    rounds: roundsOf(planned.extensions?.plan ?? ''),
    functions: after.functions - before.functions,
    size: after.size - before.size,
  };
}

/** Requests that wait for one another, out of a printed plan: `fetch 3 inventory after 1, 2`. */
function roundsOf(plan: string): number {
  const rounds = new Map<string, number>();
  for (const [, id = '', after = ''] of plan.matchAll(/^fetch (\d+) \S+(?: after ([\d, ]+))?$/gm))
    rounds.set(id, 1 + Math.max(0, ...after.split(', ').map((dep) => rounds.get(dep) ?? 0)));
  return Math.max(0, ...rounds.values());
}

function vary(letter: string, n: number): object {
  return JSON.parse(JSON.stringify(bodyOf(letter)).replaceAll('@@@@@@@@', String(n).padStart(8, '0'))) as object;
}

const code = watchCode();
await using shop = await startShop();
const operations: Record<string, OperationCounts> = {};
for (const letter of ['A', 'B', 'C', 'F', 'G']) operations[letter] = await countOne(shop, vary(letter, 1), code);

for (let n = 0; n < WARM; n += 1) await shop.ask(bodyOf('A'));
const promoted = await countPromoted(PROMOTING, () => shop.ask(bodyOf('A')));

const held = () => ({ plans: countHeld(PLAN), code: code() });
const underNames = () => inParallel(NAMES, (n) => shop.ask(named(`Heavy_${n}`)));
const first = await countCalls(CALLS, underNames);
const again = await countCalls(CALLS, underNames);
const variables = await countCalls(CALLS, () => inParallel(20, (n) => shop.ask(vary('F', n + 2))));
const fresh = await countCalls(CALLS, () => inParallel(NAMES, (n) => shop.ask(named(`Fresh_${n}`))));

await inParallel(MANY, (n) => shop.ask({ query: `query Me_${n} { __typename }` }));
const otherNames = held();
await inParallel(MANY, (n) => shop.ask({ query: `{ name_${n}: __typename }` }));
const others = held();
console.log(
  JSON.stringify({
    operations,
    names: { first, again, fresh },
    variables,
    promoted,
    held: { otherNames, others },
  } satisfies Counts),
);
