/** A Markdown text with a section of this name: between its marks where it has them, at its end where not. */
export function putSection(text: string, name: string, body: string): string {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const section = `${open}\n\n${body.trim()}\n\n${close}`;
  const [from, to] = [text.indexOf(open), text.indexOf(close)];
  if (from >= 0 && to > from) return text.slice(0, from) + section + text.slice(to + close.length);
  return text === '' ? `${section}\n` : `${text.trimEnd()}\n\n${section}\n`;
}
