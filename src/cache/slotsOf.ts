import { hash } from 'node:crypto';
import { type DirectiveNode, valueFromASTUntyped } from 'graphql';
import type { SourceContext } from '../execute/Source.ts';
import type { Analysis, Part } from './analyzeDocument.ts';
import type { CachePolicy } from './CachePolicy.ts';

export type Variables = Readonly<Record<string, unknown>>;

/** One value that may be remembered: a root field, or one entity of a list. */
export interface Slot {
  readonly part: Part;
  /** Index of the part. */
  readonly at: number;
  /** Of an entity: its place in the list, and what it is asked by. */
  readonly index: number;
  readonly representation: Variables | undefined;
  /** Where it is for everybody who looks the same to the subgraph, and where only for who asks; absent where it may not stand there. */
  readonly sharedKey: string | undefined;
  readonly privateKey: string | undefined;
  /** Whether the shared key is for nobody but those who are one to the subgraph and to the gateway. */
  readonly isAlike: boolean;
}

/** Who asks, as keys have it: nothing can be found out from these. */
export interface Identity {
  readonly shared: string;
  /** Undefined where it is not known who asks: nothing private is remembered. */
  readonly own: string | undefined;
  /** Whether the subgraph can tell clients apart: this one from those that send nothing, and the other way round. */
  readonly isTold: boolean;
}

/** `visible` is what the subgraph sees of this client; `seesClients`, whether it sees anything of any. */
export function identityOf(
  context: SourceContext,
  { scope, privateId }: CachePolicy,
  { visible, seesClients }: { readonly visible: string; readonly seesClients: boolean },
): Identity {
  const looks = `v${visible}`;
  const shared = scope === 'public' ? '' : looks;
  const caller = context.caller?.key;
  const own =
    privateId === undefined
      ? caller === undefined
        ? looks
        : `c${JSON.stringify([visible, caller])}`
      : privateId(context);
  return {
    shared: shared === '' ? '' : digest(shared),
    own: own === undefined || own === '' ? undefined : digest(privateId === undefined ? own : `i${own}`),
    isTold: scope === 'visible' && seesClients,
  };
}

export function slotsOf({ parts }: Analysis, variables: Variables, identity: Identity): readonly Slot[] {
  return parts.flatMap((part, at): Slot[] => {
    if (!isWanted(part.conditions, variables)) return [];
    const used =
      part.variables.length === 0 ? '' : JSON.stringify(part.variables.map((name) => given(variables, name)));
    const place = { part, at, used, identity };
    if (part.representations === undefined) return [toSlot(place, 0, undefined)];
    const list = variables[part.representations];
    if (!Array.isArray(list)) return [toSlot(place, 0, undefined)];
    return list.map((representation: Variables, index) => toSlot(place, index, representation));
  });
}

/** One that is left out has its default, one that is null does not: JSON makes null of both. */
function given(variables: Variables, name: string): unknown {
  return Object.hasOwn(variables, name) ? [variables[name]] : 0;
}

interface SlotPlace {
  readonly part: Part;
  readonly at: number;
  /** JSON of the variables that the part uses. */
  readonly used: string;
  readonly identity: Identity;
}

function toSlot({ part, at, used, identity }: SlotPlace, index: number, representation: Variables | undefined): Slot {
  // JSON has no bare line break: nothing of one piece can be taken for the next one.
  const name = `${part.digest}\n${used}\n${representation === undefined ? '' : JSON.stringify(representation)}\n`;
  const isShared = part.scope !== 'PRIVATE';
  const isOwn = part.scope !== 'PUBLIC' && identity.own !== undefined && identity.own !== identity.shared;
  const sharedKey = isShared ? digest(`${name}${part.scope === 'PUBLIC' ? '' : identity.shared}`) : undefined;
  const privateKey = isOwn || !isShared ? ownKey(name, identity) : undefined;
  const isAlike = part.scope !== 'PUBLIC' && identity.own === identity.shared;
  return { part, at, index, representation, sharedKey, privateKey, isAlike };
}

function ownKey(name: string, { own }: Identity): string | undefined {
  return own === undefined ? undefined : digest(`${name}p${own}`);
}

function digest(text: string): string {
  return hash('sha256', text, 'base64url');
}

function isWanted(conditions: readonly DirectiveNode[], variables: Variables): boolean {
  return conditions.every(({ name, arguments: args = [] }) => {
    const [first] = args;
    const value = first === undefined ? undefined : valueFromASTUntyped(first.value, { ...variables });
    return name.value === 'include' ? value !== false : value !== true;
  });
}
