import type { ForwardConfig } from '../../config/AuthenticationConfig.ts';
import type { AskService } from '../../plugins/authentication/createForwardMethod.ts';
import { readBoundedJson } from './readBoundedJson.ts';

/** Asks the service by GET, with the client's headers as they came. 401 and 403 are a no, 200 is a caller, all else is a fault. */
export function askService({ url, timeout }: ForwardConfig): AskService {
  return async (headers) => {
    const signal = AbortSignal.timeout(timeout);
    const response = await fetch(url, {
      headers: { accept: 'application/json', ...headers },
      redirect: 'error',
      signal,
    });
    if (response.status !== 401 && response.status !== 403) return readBoundedJson(response);
    await response.body?.cancel();
    return 'refused';
  };
}
