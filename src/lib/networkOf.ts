/**
 * Who an IP address belongs to: of IPv6 its first 64 bits, because a single client has all the rest; an IPv4 address as it is. What is no address comes
 * back unchanged.
 */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('::');
  const front = partsOf(head);
  // An IPv4 address at the end stands for two parts.
  const back = tail === undefined ? [] : partsOf(tail).flatMap((part) => (part.includes('.') ? [part, part] : [part]));
  const missing = tail === undefined ? 0 : Math.max(0, 8 - front.length - back.length);
  const whole = [...front, ...new Array<string>(missing).fill('0'), ...back];
  return `${whole.slice(0, 4).map(shortened).join(':')}::/64`;
}

function partsOf(text: string): string[] {
  return text === '' ? [] : text.split(':');
}

function shortened(part: string): string {
  return part.toLowerCase().replace(/^0+(?=.)/, '');
}
