import { parseArgs } from 'node:util';
import { floors } from './gateways/floors.ts';
import { weftGateways } from './gateways/weftGateways.ts';
import { PEER_IDS } from './peers/peers.ts';
import { WORKLOADS, type Workload } from './workloads.ts';

export interface Args {
  readonly workloads: readonly Workload[];
  readonly repeat: number;
  readonly seconds: number;
  readonly warmUp: number;
  /** Of Weft's variants and the floors: those with these ids, or all. */
  readonly own: readonly string[] | undefined;
  readonly peers: readonly string[];
  readonly gateways: readonly { readonly name: string; readonly command: string }[];
  /** A revision to measure against. */
  readonly compare: string | undefined;
  readonly write: boolean;
  /** Rows of the last run count. */
  readonly resume: boolean;
  /** The first of thirty ports. */
  readonly ports: number;
}

const OWN_IDS = [...weftGateways('', ''), ...floors].map(({ id }) => id);

/** The command line; throws what is to be said of a wrong one. */
export function readArgs(argv: readonly string[]): Args {
  const { values } = parseArgs({
    args: argv.map((arg, index) => (arg === '--peers' && isNoValue(argv[index + 1]) ? '--peers=all' : arg)),
    options: {
      only: { type: 'string' },
      repeat: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '10' },
      'warm-up': { type: 'string', default: '5' },
      own: { type: 'string' },
      peers: { type: 'string' },
      gateway: { type: 'string', multiple: true, default: [] },
      compare: { type: 'string' },
      write: { type: 'boolean', default: false },
      resume: { type: 'boolean', default: false },
      ports: { type: 'string', default: '4400' },
    },
  });
  const letters = WORKLOADS.map(({ letter }) => letter);
  const only = values.only === undefined ? letters : chosen('--only', values.only, letters);
  return {
    workloads: WORKLOADS.filter(({ letter }) => only.includes(letter)),
    repeat: wholeNumber('--repeat', values.repeat),
    seconds: wholeNumber('--seconds', values.seconds),
    warmUp: wholeNumber('--warm-up', values['warm-up']),
    own: values.own === undefined ? undefined : chosen('--own', values.own, OWN_IDS),
    peers: readPeers(values.peers),
    gateways: values.gateway.map(readGateway),
    compare: values.compare,
    write: values.write,
    resume: values.resume,
    ports: wholeNumber('--ports', values.ports),
  };
}

const isNoValue = (next: string | undefined) => next === undefined || next.startsWith('-');

function readPeers(text: string | undefined): readonly string[] {
  if (text === undefined) return [];
  return text === 'all' ? PEER_IDS : chosen('--peers', text, PEER_IDS);
}

function chosen(option: string, text: string, known: readonly string[]): readonly string[] {
  const names = text.split(',');
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return names;
  throw new Error(`Expected "${option}" to name some of ${known.join(', ')}; got "${unknown}".`);
}

function wholeNumber(option: string, text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new Error(`Expected a whole number after "${option}"; got "${text}".`);
}

function readGateway(text: string): Args['gateways'][number] {
  const at = text.indexOf('=');
  if (at > 0 && at < text.length - 1) return { name: text.slice(0, at), command: text.slice(at + 1) };
  throw new Error(`Expected "--gateway" to be name=command; got "${text}".`);
}
