import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../support/freePort.ts';
import { until } from '../../../support/until.ts';

export interface ProxyOptions {
  /** The address of the gateway, `host:port`. */
  readonly upstream: string;
  readonly certFile: string;
  readonly keyFile: string;
  /** Certificate and key in one file. */
  readonly pemFile: string;
  /** Of clients. */
  readonly caFile: string;
}

export interface Proxy extends AsyncDisposable {
  readonly url: string;
}

interface Kind {
  readonly name: string;
  readonly program: string;
  settings(options: ProxyOptions & { readonly port: number; readonly folder: string }): string;
  args(file: string): readonly string[];
}

/** Proxies that end TLS and tell certificates as docs/tls.md has it. They ask for a certificate, and leave it to the gateway what to make of it. */
export const proxies: readonly Kind[] = [
  {
    name: 'nginx',
    program: '/usr/sbin/nginx',
    args: (file) => ['-c', file, '-e', 'stderr'],
    settings: ({ port, folder, upstream, certFile, keyFile, caFile }) => `
daemon off;
master_process off;
pid ${folder}/pid;
events {}
http {
  access_log off;
  client_body_temp_path ${folder}; proxy_temp_path ${folder}; fastcgi_temp_path ${folder};
  uwsgi_temp_path ${folder}; scgi_temp_path ${folder};
  server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate ${certFile};
    ssl_certificate_key ${keyFile};
    ssl_client_certificate ${caFile};
    ssl_verify_client optional_no_ca;
    location / {
      proxy_pass http://${upstream};
      proxy_set_header X-SSL-Client-Cert $ssl_client_escaped_cert;
      proxy_set_header X-SSL-Client-Verify $ssl_client_verify;
    }
  }
}
`,
  },
  {
    name: 'HAProxy',
    program: '/usr/sbin/haproxy',
    args: (file) => ['-db', '-f', file],
    settings: ({ port, upstream, pemFile, caFile }) => `
defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
frontend clients
  bind 127.0.0.1:${port} ssl crt ${pemFile} ca-file ${caFile} verify optional ca-ignore-err all crt-ignore-err all
  http-request set-header X-SSL-Client-Cert %[ssl_c_der,base64]
  http-request set-header X-SSL-Client-Verify %[ssl_c_verify]
  default_backend gateway
backend gateway
  server one ${upstream}
`,
  },
];

/** Tests that need it are skipped on a machine without. */
export function hasProxy({ program }: Kind): boolean {
  return existsSync(program);
}

export async function startProxy(kind: Kind, options: ProxyOptions): Promise<Proxy> {
  const folder = await mkdtemp(join(tmpdir(), 'weft-proxy-'));
  const port = await freePort();
  const file = join(folder, 'settings');
  await writeFile(file, kind.settings({ ...options, port, folder }));
  const child = spawn(kind.program, kind.args(file), { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += String(chunk);
  });
  await until(() => {
    if (child.exitCode !== null) throw new Error(`${kind.name} ended: ${said}`);
    return listens(port);
  });
  return {
    url: `https://127.0.0.1:${port}/graphql`,
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
