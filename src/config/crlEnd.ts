import { readDer } from '../lib/readDer.ts';

const UTC_TIME = 0x17;
const GENERALIZED_TIME = 0x18;

/** Until when a list of revoked certificates (RFC 5280, 5.1) is good, in milliseconds since 1970; undefined where it does not say. */
export function crlEnd(der: Uint8Array): number | undefined {
  const [list] = readDer(der);
  const [toBeSigned] = readDer(list?.content ?? new Uint8Array());
  // The first time is when it was made, the second when the next one comes.
  const [, next] = readDer(toBeSigned?.content ?? new Uint8Array()).filter(
    ({ tag }) => tag === UTC_TIME || tag === GENERALIZED_TIME,
  );
  if (next === undefined) return undefined;
  const text = Buffer.from(next.content).toString('latin1');
  // Years of two digits are those from 1950 on.
  const whole = next.tag === UTC_TIME ? `${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}` : text;
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(whole) ?? [];
  return year === undefined ? undefined : Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}
