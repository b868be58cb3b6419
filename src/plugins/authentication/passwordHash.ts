/** `$pbkdf2-sha256$rounds$salt$checksum`, as passlib writes it: base64 with "." for "+" and without "=". */
export interface PasswordHash {
  readonly rounds: number;
  readonly salt: Uint8Array<ArrayBuffer>;
  readonly checksum: Uint8Array<ArrayBuffer>;
}

/** OWASP's number for SHA-256: https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html */
const ROUNDS = 600_000;
const FORM = /^\$pbkdf2-sha256\$(\d{1,8})\$([A-Za-z0-9./]{2,})\$([A-Za-z0-9./]{43})$/;

/** Undefined where the text is no such hash. */
export function parsePasswordHash(text: string): PasswordHash | undefined {
  const [, rounds = '', salt = '', checksum = ''] = FORM.exec(text) ?? [];
  if (rounds === '' || Number(rounds) < 1) return undefined;
  return { rounds: Number(rounds), salt: decode(salt), checksum: decode(checksum) };
}

export async function hashPassword(password: string, rounds: number = ROUNDS): Promise<string> {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  return `$pbkdf2-sha256$${rounds}$${encode(salt)}$${encode(await derive(password, salt, rounds))}`;
}

export async function isPassword(password: string, { rounds, salt, checksum }: PasswordHash): Promise<boolean> {
  const derived = await derive(password, salt, rounds);
  let difference = derived.length ^ checksum.length;
  // All of it, whatever differs: how long it takes tells nothing.
  for (const [index, byte] of derived.entries()) difference |= byte ^ (checksum[index] ?? 0);
  return difference === 0;
}

async function derive(password: string, salt: Uint8Array<ArrayBuffer>, rounds: number): Promise<Uint8Array> {
  const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(password), 'PBKDF2', false, ['deriveBits']);
  const algorithm = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: rounds };
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, 256));
}

function encode(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '.')
    .replaceAll('=', '');
}

function decode(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('.', '+'));
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
}
