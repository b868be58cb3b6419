/**
 * What: SQL where a value was to be. Where: one of the rules of `threat_protection`.
 * A caller sees nothing of it where SQL only stands in a text: most patterns count where they break out of a value, by a quote that is left open or behind
 * a number.
 */
import { type Rule, someMatch } from './Rule.ts';

const CONSTANT = String.raw`(?:-?\d{1,20}(?:\.\d{1,9})?|'[^']{0,50}'?|"[^"]{0,50}"?|true|false|null|0x[0-9a-f]{1,40}|@@[a-z_]{1,30})`;
const JOIN = String.raw`(?:\b(?:or|and|xor|having|where|div|mod)\b|\|\||&&)`;
const COMPARE = String.raw`(?:<=>|<>|!=|<=|>=|[=<>]|\b(?:not )?(?:(?:like|between|rlike|regexp|is|similar to)\b|in ?\())`;
const ROUTINE = String.raw`(?:sleep|pg_sleep|benchmark|randomblob|load_file|dbms_[a-z_]{1,30}\.[a-z_]{1,30}|utl_(?:http|inaddr)\.[a-z_]{1,30})`;
const STATEMENT = [
  'drop (?:table|database|schema|view|index|user|procedure|function)',
  'delete from',
  'insert into',
  String.raw`update ["\[\]\w.]{1,60} set`,
  'alter (?:table|user|login|database)',
  'create (?:table|user|login|database|or replace)',
  String.raw`truncate (?:table )?\w`,
  'exec(?:ute)?[ (]',
  String.raw`shutdown\b`,
  'declare @',
  String.raw`select (?:\*|[\w(]{1,80})`,
].join('|');

/** Nowhere but in an attack. */
const ANYWHERE = new RegExp(
  [
    String.raw`\bunion (?:all |distinct )?\(? ?select (?:null\b|\d{1,9} ?(?:,|--|#|from\b|$)|0x|@@|char ?\(|concat(?:_ws)? ?\()`,
    String.raw`\b(?:and|or|xor|select|if|when|then|else)\b[ (]{0,10}${ROUTINE} ?\(`,
    String.raw`^[\s\d)'"|&;,]{0,20}${ROUTINE} ?\( ?['"]?\d{1,9}['"]? ?[,)]`,
    String.raw`\border by [\d, ]{0,20}${ROUTINE} ?\(`,
    String.raw`${JOIN} ?\(?\d{1,9} ?= ?(?:convert ?\( ?int|cast ?\(|ctxsys\.|utl_)`,
    String.raw`\bselect @@[a-z]`,
    String.raw`\bwaitfor (?:delay|time) ?['"]`,
    String.raw`\bbenchmark ?\( ?\d{4}`,
    String.raw`\b(?:extractvalue|updatexml) ?\( ?[\w'"]{1,20} ?, ?concat`,
    String.raw`\bload_file ?\( ?(?:0x|['"][/\\]|char)`,
    String.raw`\binto (?:out|dump)file ?['"]`,
    String.raw`\bxp_(?:cmdshell|dirtree|regread|fileexist)\b`,
    String.raw`\bprocedure analyse ?\(`,
    String.raw`\b(?:to|from) program ?'`,
    String.raw`\bfloor ?\( ?rand ?\( ?0 ?\) ?\* ?2`,
    String.raw`\bnow ?\( ?\) ?= ?sysdate ?\(`,
    String.raw`\bchar ?\( ?\d{2,3} ?\) ?(?:\+|\|\|) ?char ?\(`,
    String.raw`^\S{0,64}['"]\){0,5};?--`,
  ].join('|'),
);

/** Where it breaks out of the value that it stands in. */
const BREAKING = new RegExp(
  [
    String.raw`${JOIN} ?\({0,5}(?:not |binary )?${CONSTANT} ?\){0,5} ?${COMPARE} ?\({0,5}${CONSTANT}`,
    String.raw`\bunion (?:all |distinct )?\(? ?select\b`,
    `; ?(?:${STATEMENT})`,
    String.raw`${JOIN} ?([a-z]\w{0,20}) ?= ?\1\b`,
    String.raw`(?:[=,(+]|${JOIN}|\b(?:in|rlike)\b) ?\({1,5} ?select\b.{1,200}?\bfrom\b`,
    String.raw`\border by \d{1,4} ?(?:--|#|/\*|$)`,
    String.raw`\bgroup by [\w., ]{1,60} having \d`,
    String.raw`\bhaving \d{1,9} ?[=<>]`,
    String.raw`['"] ?(?:\|\||[-+*,=]) ?\(? ?(?:select )?\(? ?${ROUTINE} ?\(`,
  ].join('|'),
  'g',
);

/** Where a quote is left open. */
const QUOTED = new RegExp(
  [
    String.raw`${JOIN} ?\({0,5}[a-z_][\w.]{0,40} ?(?:=|<>|!=|\b(?:not )?like\b|\bin\b) ?['"(]`,
    String.raw`${JOIN} ?\({0,5}${CONSTANT} ?\){0,5} ?(?:--|#|/\*|;\0)`,
    String.raw`(?:\|\||[-+*]) ?\(? ?select\b`,
    String.raw`(?:--[ +-]?|#|/\*)$`,
    String.raw`[;)] ?(?:--|/\*)`,
  ].join('|'),
  'g',
);

const KEYWORD = /['"#;=<>*]|--|@@|like|between|regexp|union|order|having|sleep|waitfor|benchmark|select|program|char/;

export const sqlInjection: Rule = (text) => {
  if (!KEYWORD.test(text)) return false;
  const spaced = text.replace(/\s+/g, ' ').trim();
  if (isInjection(spaced)) return true;
  if (spaced.includes('/*')) {
    // MySQL runs what stands in its own kind of comments; others stand for a space, or for nothing.
    const open = spaced.replace(/\/\*!\d{0,6}/g, ' ').replace(/\*\//g, ' ');
    const bare = spaced.replace(/\/\*[^!].{0,100}?\*\/|\/\*\*\//g, ' ');
    const none = spaced.replace(/\/\*[^!].{0,100}?\*\/|\/\*\*\//g, '');
    if ([open, bare, none].some((variant) => isInjection(variant.replace(/ {2,}/g, ' ')))) return true;
  }
  // As a form sends spaces.
  return !spaced.includes(' ') && spaced.includes('+') && isInjection(spaced.replaceAll('+', ' '));
};

function isInjection(text: string): boolean {
  if (ANYWHERE.test(text)) return true;
  const isOpen = quotesBefore(text);
  return (
    someMatch(
      BREAKING,
      text,
      (start, end) => isOpen(start) || isOpen(Math.min(end, start + 1)) || isNumber(text, start),
    ) || someMatch(QUOTED, text, isOpen)
  );
}

/** Somebody's words in quotes, and not a quote that breaks out. */
function isQuotation(text: string): boolean {
  const quote = text[0];
  if (quote !== '"' && quote !== "'") return false;
  return (
    text.indexOf(quote, 1) === text.length - 1 && /^.(?!(?:or|and|union|having|order|group)\b)[a-z0-9-]/.test(text)
  );
}

/** Behind nothing but a number: where a number was to be no quote has to be closed. */
function isNumber(text: string, end: number): boolean {
  return end < 64 && /^[^a-z]{0,20}(?:\d{1,20}|null)?[^a-z]{0,20}$/.test(text.slice(0, end));
}

/** Whether there is a quote before an index that is not closed before it. Asked in ascending order it reads the text once. */
function quotesBefore(text: string): (at: number) => boolean {
  const first = isQuotation(text) ? 1 : 0;
  let read = first;
  let single = 0;
  let double = 0;
  return (at) => {
    if (at < read) [read, single, double] = [first, 0, 0];
    for (; read < at; read += 1) {
      const code = text.charCodeAt(read);
      if (code === 39) single += 1;
      else if (code === 34) double += 1;
    }
    return single % 2 === 1 || double % 2 === 1;
  };
}
