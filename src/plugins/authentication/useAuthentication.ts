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
  /** Told of each request that had credentials, and wrong ones. */
  readonly onFailure?: ((context: OpenContext) => void) | undefined;
}

type Identity = Caller | undefined;

export function useAuthentication(options: AuthenticationOptions): GatewayPlugin {
  const identify = options.mode === 'all' ? byAll(options) : byAny(options);
  const act = ({ context }: { readonly context: OpenContext }): void | Promise<void> => {
    const found = identify(context, 0);
    if (!(found instanceof Promise)) context.caller = found;
    else
      return found.then((caller) => {
        context.caller = caller;
      });
  };
  return {
    onParams: act,
    onConnect: act,
    // It has acted by then, and what is recalled is no subscription.
    onRecalled() {},
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
function byAny(options: AuthenticationOptions): (context: OpenContext, from: number) => Identity | Promise<Identity> {
  const { methods, anonymous } = options;
  const next = (context: OpenContext, from: number): Identity | Promise<Identity> => {
    const method = methods[from];
    if (method === undefined) {
      if (anonymous === true) return undefined;
      throw missing(methods);
    }
    const found = identifyBy(options, method, context);
    if (found instanceof Promise) return found.then((caller) => caller ?? next(context, from + 1));
    return found ?? next(context, from + 1);
  };
  return next;
}

function byAll(options: AuthenticationOptions): (context: OpenContext) => Promise<Identity> {
  const { methods, anonymous } = options;
  return async (context) => {
    const callers: Identity[] = [];
    for (const method of methods) callers.push(await identifyBy(options, method, context));
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
  const challenge = [...new Set(methods.flatMap(({ challenges }) => challenges))].join(', ');
  const names = methods.map(({ name }) => `"${name}"`).join(' or ');
  return new GatewayError('UNAUTHENTICATED', `The request has no credentials; expected those of ${names}.`, {
    extensions: { http: { headers: { 'www-authenticate': challenge } } },
  });
}

/** What the method finds; wrong credentials as the refusal that a client reads. */
function identifyBy(
  { methods, onFailure }: AuthenticationOptions,
  method: AuthenticationMethod,
  context: OpenContext,
): Identity | Promise<Identity> {
  const refuse = (error: unknown): never => {
    // What lacks nothing but our nonce has been judged good: every client begins so.
    if (error instanceof CredentialsError && error.problem !== 'use_dpop_nonce') onFailure?.(context);
    throw toRefusal(methods, method, error);
  };
  try {
    const found = method.identify(context);
    if (!(found instanceof Promise)) return found;
    return found.catch(refuse);
  } catch (error) {
    return refuse(error);
  }
}

/** The challenge of the method that refuses says why (RFC 6750, 3.1); the others stand beside it as they are. */
function toRefusal(methods: readonly AuthenticationMethod[], method: AuthenticationMethod, error: unknown): unknown {
  if (!(error instanceof CredentialsError)) return error;
  const { problem, message, options } = error;
  const { challenges } = method;
  const first = challenges.find((one) => one.startsWith(`${options.scheme} `)) ?? challenges[0] ?? '';
  // A description has no quotes of its own (RFC 6750, 3).
  const description = message.replaceAll('"', "'");
  const why = /^(?:Bearer|DPoP) /.test(first) ? `, error="${problem}", error_description="${description}"` : '';
  const others = [method, ...methods].flatMap((other) => other.challenges).filter((other) => other !== first);
  const challenge = [`${first}${why}`, ...new Set(others)].join(', ');
  return new GatewayError('UNAUTHENTICATED', message, {
    extensions: { http: { headers: { ...options.headers, 'www-authenticate': challenge } } },
  });
}
