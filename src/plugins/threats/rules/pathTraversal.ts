/** What: a path that leads out of where it was to stay, or to a file that nobody asks for by its path. Where: one of the rules of `threat_protection`. */
import { type Rule, someMatch } from './Rule.ts';

const UP = String.raw`(?:\.\.|\.\.;|\.{3,4})[\\/]{1,4}`;
const SECRETS = String.raw`(?:etc[\\/]{1,2}(?:passwd|shadow|group|hosts|issue|sudoers|ssh)|proc[\\/]{1,2}(?:self|version|\d{1,7})[\\/]?|windows[\\/]{1,2}(?:system32|win\.ini|system\.ini)|winnt[\\/]|boot\.ini|win\.ini|web-inf[\\/]|\.ssh[\\/]|\.aws[\\/]|\.env\b|\.git[\\/]|\.htpasswd|id_rsa|var[\\/]log[\\/])`;

const SECRET = new RegExp(SECRETS, 'g');
/** What leads up, and no space behind it. */
const UPWARDS = new RegExp(`(?:${UP})[^\\s]*$`);
/** Characters before a file's name in which its path may begin. */
const LONGEST_WAY = 300;
/** A value that is a path as a whole. */
const ALONE = new RegExp(
  [
    `^[^\\s]{0,200}?(?:^|[\\\\/=:])${UP}${UP}`,
    `^(?:[a-z]:)?[\\\\/][^\\s]{0,200}?${UP}`,
    String.raw`^\W{0,5}(?:[a-z]:)?[\\/]{1,3}${SECRETS}`,
    String.raw`^[^\s]{1,200}\0`,
  ].join('|'),
);

export const pathTraversal: Rule = (text) => {
  if (!/[\\/]/.test(text) && !text.includes('\0')) return false;
  const isReached = (start: number) => UPWARDS.test(text.slice(Math.max(0, start - LONGEST_WAY), start));
  if (text.includes('..') && someMatch(SECRET, text, isReached)) return true;
  const value = text.trim();
  return !/\s/.test(value.slice(0, 500)) && ALONE.test(value);
};
