import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Start } from '../gateways/Gateway.ts';
import { postJson } from '../load/requestDriver.ts';
import { GATEWAY_CORE } from '../measure/cores.ts';
import { processTree } from '../measure/processTree.ts';
import { startServer } from '../measure/startServer.ts';

const QUESTION = '{"query":"{ __typename }"}';
/** Connections that are opened at the same time. */
const AT_ONCE = 50;
/** Open at first: what a gateway makes once is made by then. */
const BEFORE = 100;

/** Kilobytes that a gateway's memory grows by with each of `count` connections that have asked once and stay open. */
export async function idleConnection(start: Start, url: string, count: number, log: string): Promise<number> {
  const isReady = async () => (await postJson(url, QUESTION)).data !== undefined;
  const server = await startServer({ ...start, core: GATEWAY_CORE, log, isReady });
  const sockets: Socket[] = [];
  try {
    await open(sockets, url, BEFORE);
    const before = await residentMemory(server.child.pid ?? 0);
    await open(sockets, url, count);
    return ((await residentMemory(server.child.pid ?? 0)) - before) / count;
  } finally {
    for (const socket of sockets) socket.destroy();
    await server.stop();
  }
}

async function open(sockets: Socket[], url: string, count: number): Promise<void> {
  for (let left = count; left > 0; left -= AT_ONCE)
    sockets.push(...(await Promise.all(Array.from({ length: Math.min(AT_ONCE, left) }, () => askOnce(url)))));
}

async function askOnce(url: string): Promise<Socket> {
  const { hostname, port, pathname, host } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  const head = [
    `POST ${pathname} HTTP/1.1`,
    `host: ${host}`,
    'content-type: application/json',
    'accept: application/json',
  ];
  socket.write(`${[...head, `content-length: ${QUESTION.length}`].join('\r\n')}\r\n\r\n${QUESTION}`);
  await once(socket, 'data');
  return socket;
}

/** Kilobytes, when they have settled. */
async function residentMemory(pid: number): Promise<number> {
  await wait(1000);
  return processTree(pid).reduce((sum, one) => {
    const status = readFileSync(`/proc/${one}/status`, 'utf8');
    return sum + Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0);
  }, 0);
}
