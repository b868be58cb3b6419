import { Session } from 'node:inspector';

/** How many plain objects of this process, after a garbage collection, have all of these members. */
export function countHeld(members: readonly string[]): number {
  const session = new Session();
  session.connect();
  try {
    let count: unknown;
    session.post('Runtime.evaluate', { expression: 'Object.prototype' }, (_, { result: prototype }) =>
      session.post(
        'Runtime.queryObjects',
        { prototypeObjectId: prototype.objectId ?? '' },
        (error, { objects } = { objects: { type: 'object' } }) => {
          if (error !== null) throw error;
          const functionDeclaration = `function (members) {
            return this.filter((one) => members.every((member) => Object.hasOwn(one, member))).length;
          }`;
          session.post(
            'Runtime.callFunctionOn',
            {
              objectId: objects.objectId ?? '',
              functionDeclaration,
              arguments: [{ value: members }],
              returnByValue: true,
            },
            (_failure, { result }) => {
              count = result.value;
            },
          );
        },
      ),
    );
    if (typeof count !== 'number') throw new Error('V8 has counted nothing.');
    return count;
  } finally {
    session.disconnect();
  }
}
