/**
 * What: finds out who asks, and refuses whoever does not show it. Where: first of all, before a document is parsed; at `connection_init` of a socket.
 * A caller sees UNAUTHENTICATED (401 with `WWW-Authenticate`, 4403 on a socket); a stream ends with it when its credentials do.
 */
import type { ExecutionResult } from 'graphql';
import { GatewayError } from '../../errors/GatewayError.ts';
import { toGraphQLError } from '../../errors/toGraphQLError.ts';
import type { Caller } from '../../execute/Source.ts';
import { endAt } from '../endAt.ts';
import type { GatewayPlugin, OpenContext } from '../GatewayPlugin.ts';
import type { TransportContext } from '../TransportContext.ts';
import { type AuthenticationMethod, CredentialsError } from './AuthenticationMethod.ts';

export interface AuthenticationOptions {
  /** In the order in which they are asked. */
  readonly methods: readonly AuthenticationMethod[];
  /** `any`: the first method that finds credentials decides. `all`: each has to find its own; who asks is what the first one says. */
  readonly mode?: 'any' | 'all' | undefined;
  /** Whether a request without any credentials passes, as nobody in particular. Wrong ones never do. */
  readonly anonymous?: boolean | undefined;
}

type Identity = Caller | undefined;

export function useAuthentication(options: AuthenticationOptions): GatewayPlugin {
  const identify = options.mode === 'all' ? byAll(options) : byAny(options);
  const act = ({ context }: { readonly context: OpenContext }): void | Promise<void> => {
    const found = refusing(options, () => identify(context, 0));
    if (!(found instanceof Promise)) context.caller = found;
    else
      return found.then((caller) => {
        context.caller = caller;
      });
  };
  return {
    onParams: act,
    onConnect: act,
    onSubscribe({ args }) {
      const { caller, transport } = args.contextValue as TransportContext;
      const expires = caller?.expires;
      // A socket is closed as a whole.
      if (expires === undefined || transport?.kind === 'ws') return;
      return {
        onSubscribeResult({ result, setResult }) {
          if (Symbol.asyncIterator in result)
            setResult(endAt(result as AsyncGenerator<ExecutionResult, void, void>, expires, expired));
        },
      };
    },
  };
}

function expired(): ExecutionResult {
  return { errors: [toGraphQLError(new GatewayError('UNAUTHENTICATED', 'The credentials have expired.'))] };
}

/** The first method that finds credentials decides: wrong ones are never made up for by others. */
function byAny({
  methods,
  anonymous,
}: AuthenticationOptions): (context: OpenContext, from: number) => Identity | Promise<Identity> {
  const next = (context: OpenContext, from: number): Identity | Promise<Identity> => {
    const method = methods[from];
    if (method === undefined) {
      if (anonymous === true) return undefined;
      throw missing(methods);
    }
    const found = method.identify(context);
    if (found instanceof Promise) return found.then((caller) => caller ?? next(context, from + 1));
    return found ?? next(context, from + 1);
  };
  return next;
}

function byAll({ methods, anonymous }: AuthenticationOptions): (context: OpenContext) => Promise<Identity> {
  return async (context) => {
    const callers: Identity[] = [];
    for (const method of methods) callers.push(await method.identify(context));
    if (anonymous === true && callers.every((caller) => caller === undefined)) return undefined;
    const lacking = methods.filter((_method, index) => callers[index] === undefined);
    if (lacking.length > 0) throw missing(lacking);
    return together(callers.filter((caller) => caller !== undefined));
  };
}

/** Who asks is what the first method says, for as long as all of the credentials last. */
function together([first, ...others]: readonly Caller[]): Identity {
  if (first === undefined || others.length === 0) return first;
  const ends = [first, ...others].flatMap(({ expires }) => expires ?? []);
  const key = [first, ...others].map((caller) => caller.key).join(' ');
  return Object.freeze({ ...first, key, ...(ends.length === 0 ? {} : { expires: Math.min(...ends) }) });
}

function missing(methods: readonly AuthenticationMethod[]): GatewayError {
  const challenge = methods.map((method) => method.challenge).join(', ');
  const names = methods.map(({ name }) => `"${name}"`).join(' or ');
  return new GatewayError('UNAUTHENTICATED', `The request has no credentials; expected those of ${names}.`, {
    extensions: { http: { headers: { 'www-authenticate': challenge } } },
  });
}

function refusing(
  options: AuthenticationOptions,
  identify: () => Identity | Promise<Identity>,
): Identity | Promise<Identity> {
  try {
    const found = identify();
    return found instanceof Promise
      ? found.catch((error: unknown) => {
          throw toRefusal(options, error);
        })
      : found;
  } catch (error) {
    throw toRefusal(options, error);
  }
}

function toRefusal({ methods }: AuthenticationOptions, error: unknown): unknown {
  if (!(error instanceof CredentialsError)) return error;
  const { problem, message } = error;
  const challenges = methods.map(({ challenge }) =>
    challenge.startsWith('Bearer ') ? `${challenge}, error="${problem}", error_description="${message}"` : challenge,
  );
  return new GatewayError('UNAUTHENTICATED', message, {
    extensions: { http: { headers: { 'www-authenticate': challenges.join(', ') } } },
  });
}
