/**
 * What: the endpoint that Prometheus reads. Where: a server of its own, apart from that for clients.
 * A caller sees the text format of Prometheus: what the gateway counts, and what Node says of the process. Nothing is added up before somebody asks.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { PrometheusConfig } from '../../config/Config.ts';
import type { Log } from '../../lib/Log.ts';
import type { Metric } from '../../lib/Metric.ts';
import { listenApart } from './listenApart.ts';

export interface MetricsServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Rejects with a `PortTakenError` where the port is in use. */
export async function openMetrics(
  { listen, path }: Pick<PrometheusConfig, 'listen' | 'path'>,
  { metrics, log }: { readonly metrics: readonly Metric[]; readonly log: Log },
): Promise<MetricsServer> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const metric of metrics) register(metric, registry);
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    request.resume();
    if (request.url?.split('?')[0] !== path) return end(response, 404, 'Not found.\n');
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return end(response, 405, 'Expected the method GET.\n', { allow: 'GET, HEAD' });
    const text = await registry.metrics();
    end(response, 200, request.method === 'HEAD' ? '' : text, { 'content-type': registry.contentType });
  };
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    answer(request, response).catch((error: unknown) => {
      log.error('The metrics cannot be told.', error);
      response.destroy();
    });
  };
  const server = await listenApart({ listen, setting: 'telemetry.exporters.metrics.prometheus.listen', listener });
  const url = `${server.url}${path}`;
  log.info(`Metrics are told at ${url}.`);
  return { url, close: () => server.close(1_000) };
}

function end(response: ServerResponse, status: number, text: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', ...headers });
  response.end(text);
}

function register({ name, help, kind, labels = [], read }: Metric, registry: Registry): void {
  const options = { name, help, labelNames: [...labels], registers: [registry] };
  if (kind === 'counter') {
    const counter: Counter = new Counter({
      ...options,
      collect() {
        counter.reset();
        for (const { labels: own = {}, value } of read()) counter.inc(own, value);
      },
    });
    return;
  }
  const gauge: Gauge = new Gauge({
    ...options,
    collect() {
      gauge.reset();
      for (const { labels: own = {}, value } of read()) gauge.set(own, value);
    },
  });
}
