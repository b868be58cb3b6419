/** What: markup that runs in whoever shows the text (cross-site scripting). Where: one of the rules of `threat_protection`. */
import type { Rule } from './Rule.ts';

/** Of a URL that runs; what follows tells it from the name of the language. */
const RUNS = String.raw`(?:(?:j\s{0,9}a\s{0,9}v\s{0,9}a|v\s{0,9}b|l\s{0,9}i\s{0,9}v\s{0,9}e)\s{0,9}s\s{0,9}c\s{0,9}r\s{0,9}i\s{0,9}p\s{0,9}t\s{0,9}:\s{0,9}){1,3}(?://|/\*|[\w$.]{1,60}\s{0,9}[(=\x60[]|['"\x60([{!+-])`;

const PATTERNS = new RegExp(
  [
    // Elements that run something, or load it.
    String.raw`<[\s/]{0,9}(?:[a-z]{1,20}:)?(?:script|iframe|frameset|embed|object|applet|base|meta|link|xss|animate|set|handler|isindex|layer|bgsound)(?:[\s/>"'+]|$)`,
    // Handlers of events; JSX has braces behind them.
    String.raw`<[a-z!?/][^>]{0,300}?[\s/"'\x60\0+]on[a-z]{3,30}\s{0,9}=\s{0,9}[^\s{=]`,
    // Out of an attribute, into one more.
    String.raw`^[^<>]{0,200}["'\u201d\u2019]\s{0,9}(?:autofocus\s{1,9})?on[a-z]{3,30}\s{0,9}=\s{0,9}\S`,
    String.raw`(?:href|src|action|data|formaction|background|poster|from|to|values|lowsrc|dynsrc|content)\s{0,9}=\s{0,9}["'\x60]?\s{0,9}(?:${RUNS}|data:(?:text/html|image/svg|text/xml|application/x(?:html|ml)))`,
    String.raw`^\W{0,9}(?:${RUNS}|data:text/html)`,
    // Markdown.
    String.raw`\]\(\s{0,9}(?:${RUNS}|data:text/html)`,
    String.raw`\bsrcdoc\s{0,9}=`,
    String.raw`style\s{0,9}=[^>]{0,200}(?:expression\s{0,9}\(|url\s{0,9}\(\s{0,9}["']?\s{0,9}javascript|-moz-binding|behavior\s{0,9}:)`,
    String.raw`\burl\s{0,9}\(\s{0,9}["']?\s{0,9}(?:javascript|vbscript):|-moz-binding`,
    // In UTF-7.
    String.raw`\+adw-(?:script|img|svg|p\b|\+)`,
    String.raw`;\s?(?:alert|confirm|prompt|eval)\s?[(\x60].{0,80}?//`,
    '<style[^>]{0,100}>[^<]{0,300}@import',
    String.raw`<(?:!\[cdata\[|!entity)`,
    // Out of a text of a script.
    String.raw`["'\x60][ \t]{0,9}\)?[ \t]{0,9}[;+\-*|&]{1,3}[ \t]{0,9}(?:(?:alert|confirm|prompt|eval|import|settimeout) ?[(\x60]|(?:document|window|top|self)(?:\.|\[)|location ?=)`,
    // Out of a template of a client.
    String.raw`\{\{.{0,80}?(?:constructor|\$on\.|\$eval|__proto__)`,
  ].join('|'),
  's',
);

export const script: Rule = (text) => {
  if (!/[<='"\x60([:+]/.test(text)) return false;
  return PATTERNS.test(text.includes('\0') ? text.replaceAll('\0', '') : text);
};
