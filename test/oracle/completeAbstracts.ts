import { addField, type SubgraphDraft, typeIn } from './Draft.ts';
import { COMMON, define, type Split, withNames } from './Split.ts';

/** Gives each subgraph's interfaces and unions the types that it has of them. */
export function completeAbstracts(split: Split): void {
  const { random, draft } = split;
  for (const name of [...split.interfaces, ...split.unions]) {
    for (const user of draft.subgraphs) if (user.types.has(name)) completeAbstract(split, user, name);
    // What one subgraph says of an interface, each of its types has to have somewhere.
    for (const { name: member, homes } of split.entities)
      if (homes.some((home) => home.types.get(member)?.interfaces.has(name)))
        for (const [field, of] of Object.entries(COMMON))
          if (!homes.some((home) => typeIn(home, member).fields.has(field)))
            addCommon(split, random.pick(homes), { member, field, of });
  }
}

interface Common {
  readonly member: string;
  readonly field: string;
  readonly of: string;
}

function addCommon(split: Split, user: SubgraphDraft, { member, field, of }: Common): void {
  addField(typeIn(user, member), field, withNames(split, user, of), '@shareable');
}

export function completeAbstract(split: Split, user: SubgraphDraft, name: string): void {
  const { random, features, completed } = split;
  if (completed.has(`${user.name} ${name}`)) return;
  completed.add(`${user.name} ${name}`);
  const isInterface = split.interfaces.includes(name);
  // The second interface implements the first one.
  const above = name === 'I1' ? typeIn(user, 'I0', 'interface') : undefined;
  if (above !== undefined) completeAbstract(split, user, above.name);
  const entities = split.entities.filter(({ name: entity, homes, forbidden }) =>
    isInterface
      ? homes.includes(user) && (above === undefined || user.types.get(entity)?.interfaces.has(above.name) === true)
      : !forbidden.has(user),
  );
  const members = features.partialAbstracts ? random.some(entities, 0.5) : entities;
  const declared = above === undefined ? random.some(Object.keys(COMMON), 0.6, 1) : Object.keys(COMMON);
  // A value that all users have, so that something is possible wherever a field is shared.
  const values = [split.values[0] as string, ...(split.hasHidden ? ['H'] : [])];
  for (const member of [...values, ...members.map((entity) => entity.name)]) {
    define(split, user, member);
    if (!isInterface) {
      typeIn(user, name, 'union').members.add(member);
      continue;
    }
    typeIn(user, member).interfaces.add(name);
    if (!values.includes(member))
      for (const field of declared) addCommon(split, user, { member, field, of: COMMON[field] ?? '' });
  }
  if (above !== undefined) typeIn(user, name, 'interface').interfaces.add(above.name);
  if (isInterface)
    for (const field of declared)
      addField(typeIn(user, name, 'interface'), field, withNames(split, user, COMMON[field] ?? ''));
}
