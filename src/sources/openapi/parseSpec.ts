import { LineCounter, parseDocument } from 'yaml';
import type { Issue } from '../../errors/Issue.ts';
import { asNode, isNode, type Spec, type SpecNode } from './Spec.ts';

/** Parses YAML or JSON and finds every `$ref` that leads nowhere. */
export function parseSpec(text: string): { readonly spec: Spec } | { readonly issues: readonly Issue[] } {
  const lineCounter = new LineCounter();
  const yaml = parseDocument(text, { lineCounter });
  if (yaml.errors.length > 0) {
    return {
      issues: yaml.errors.map(({ message, pos }) => ({
        message: message.split('\n')[0] ?? message,
        line: lineCounter.linePos(pos[0]).line,
      })),
    };
  }
  const document: unknown = yaml.toJS();
  if (!isNode(document)) {
    return { issues: [{ message: 'Expected an OpenAPI document, an object with "openapi" and "paths".' }] };
  }
  const lineOf = (pointer: string): number | undefined => {
    const node = yaml.getIn(splitPointer(pointer), true) as { readonly range?: readonly number[] } | undefined;
    const start = node?.range?.[0];
    return start === undefined ? undefined : lineCounter.linePos(start).line;
  };
  const spec: Spec = { document, lineOf, resolve: (node) => resolveRefs(document, node) };
  const issues = findBrokenRefs(spec);
  return issues.length > 0 ? { issues } : { spec };
}

function resolveRefs(document: SpecNode, start: unknown): ReturnType<Spec['resolve']> {
  let node = asNode(start);
  let name: string | undefined;
  for (let steps = 0; typeof node['$ref'] === 'string' && steps < 50; steps += 1) {
    const pointer = node['$ref'];
    name = /^#\/components\/\w+\/([^/]+)$/.exec(pointer)?.[1];
    node = asNode(follow(document, pointer));
  }
  return { node, name: name === undefined ? undefined : decodePart(name) };
}

function findBrokenRefs({ document, lineOf }: Spec): Issue[] {
  const issues: Issue[] = [];
  const walk = (value: unknown, pointer: string): void => {
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) walk(item, `${pointer}/${index}`);
    }
    if (!isNode(value)) {
      return;
    }
    const ref = value['$ref'];
    if (typeof ref === 'string' && follow(document, ref) === undefined) {
      const reason = ref.startsWith('#')
        ? 'leads to nothing in this document'
        : 'leads to another document; only "#/..." is read';
      issues.push({ message: `The "$ref" "${ref}" ${reason}.`, path: pointer, line: lineOf(`${pointer}/$ref`) });
    }
    for (const [key, member] of Object.entries(value)) {
      // Examples are data: what looks like a reference there is none.
      if (key !== 'example' && key !== 'examples')
        walk(member, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`);
    }
  };
  walk(document, '#');
  return issues;
}

function follow(document: SpecNode, pointer: string): unknown {
  if (!pointer.startsWith('#')) {
    return undefined;
  }
  let value: unknown = document;
  for (const part of splitPointer(pointer)) {
    value =
      typeof value === 'object' && value !== null && Object.hasOwn(value, part) ? (value as SpecNode)[part] : undefined;
  }
  return value;
}

function splitPointer(pointer: string): string[] {
  return pointer
    .replace(/^#?\/?/, '')
    .split('/')
    .filter((part) => part !== '')
    .map(decodePart);
}

function decodePart(part: string): string {
  const text = part.replaceAll('~1', '/').replaceAll('~0', '~');
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
