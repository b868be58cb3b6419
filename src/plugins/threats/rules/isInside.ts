/** Networks that are nobody's outside (RFC 6890 and what clouds use beside it): the first number, and how many bits of it count. */
const NETWORKS: readonly (readonly [number, number])[] = [
  [toNumber('0.0.0.0'), 8],
  [toNumber('10.0.0.0'), 8],
  [toNumber('100.64.0.0'), 10],
  [toNumber('127.0.0.0'), 8],
  [toNumber('169.254.0.0'), 16],
  [toNumber('172.16.0.0'), 12],
  [toNumber('192.0.0.0'), 24],
  [toNumber('192.168.0.0'), 16],
  [toNumber('198.18.0.0'), 15],
  [toNumber('255.255.255.255'), 32],
];

/** Names that lead inside, and those of services that answer any name with the address in it. */
const NAMES =
  /^(?:localhost|localhost6?\.localdomain6?|ip6-(?:localhost|loopback)|instance-data|metadata|host\.docker\.internal|kubernetes(?:\.default.*)?|.{1,200}\.(?:localhost|local|internal|intranet|lan|corp|home\.arpa|cluster\.local)|(?:.{1,200}\.)?(?:localtest\.me|lvh\.me|vcap\.me|lacolhost\.com|yoogle\.com))$/;
const NAMED_ADDRESS = /(?:^|[.-])(\d{1,3})[.-](\d{1,3})[.-](\d{1,3})[.-](\d{1,3})\.(?:nip|sslip|xip)\.io$/;

/** A host as `URL` writes it: numbers in any spelling are four decimal ones there. */
export function isInside(hostname: string): boolean {
  const host = hostname.replace(/\.$/, '');
  if (host.startsWith('[')) return isInsideIPv6(host.slice(1, -1));
  if (/^\d+\.\d+\.\d+\.\d+$/.test(host)) return isInsideIPv4(toNumber(host));
  const named = NAMED_ADDRESS.exec(host);
  return NAMES.test(host) || (named !== null && isInsideIPv4(toNumber(named.slice(1, 5).join('.'))));
}

function isInsideIPv4(address: number): boolean {
  return NETWORKS.some(
    ([network, bits]) => (address ^ network) >>> (32 - bits) === 0 || (bits === 32 && address === network),
  );
}

/** As `URL` writes it: in its short form, without a zone. */
function isInsideIPv6(address: string): boolean {
  const groups = groupsOf(address);
  const [first = 0, second = 0, third = 0] = groups;
  const [high = 0, low = 0] = groups.slice(6);
  const last = ((high << 16) | low) >>> 0;
  if (groups.slice(0, 6).every((group) => group === 0)) return true;
  // IPv4 in IPv6: mapped, translated (RFC 6052) and 6to4.
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) return isInsideIPv4(last);
  if (groups.slice(0, 4).every((group) => group === 0) && groups[4] === 0xffff) return isInsideIPv4(last);
  if (first === 0x64 && second === 0xff9b) return isInsideIPv4(last);
  if (first === 0x2002) return isInsideIPv4(((second << 16) | third) >>> 0);
  return (first & 0xfe00) === 0xfc00 || (first & 0xffc0) === 0xfe80 || (first & 0xffc0) === 0xfec0;
}

function groupsOf(address: string): readonly number[] {
  const [before = '', after] = address.split('::');
  const read = (part: string) => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)));
  const head = read(before);
  if (after === undefined) return head;
  const tail = read(after);
  return [...head, ...new Array<number>(Math.max(0, 8 - head.length - tail.length)).fill(0), ...tail];
}

function toNumber(address: string): number {
  return address.split('.').reduce((sum, part) => ((sum << 8) | Number(part)) >>> 0, 0);
}
