import type { DocumentNode } from 'graphql';
import type { ErrorCode } from '../../errors/codes.ts';
import { GatewayError } from '../../errors/GatewayError.ts';
import type { DocumentLimits } from './DocumentLimits.ts';
import { type Measures, measureDocument } from './measureDocument.ts';

interface Rule {
  readonly measure: keyof Measures;
  readonly limit: Exclude<keyof DocumentLimits, 'parser_max_recursion' | 'max_tokens'>;
  readonly code: ErrorCode;
  readonly what: string;
}

const RULES: readonly Rule[] = [
  { measure: 'depth', limit: 'max_depth', code: 'MAX_DEPTH_LIMIT', what: 'fields below each other' },
  { measure: 'height', limit: 'max_height', code: 'MAX_HEIGHT_LIMIT', what: 'fields' },
  { measure: 'aliases', limit: 'max_aliases', code: 'MAX_ALIASES_LIMIT', what: 'aliases' },
  { measure: 'rootFields', limit: 'max_root_fields', code: 'MAX_ROOT_FIELDS_LIMIT', what: 'fields at its root' },
  { measure: 'directives', limit: 'max_directives', code: 'MAX_DIRECTIVES_LIMIT', what: 'directives' },
  { measure: 'listItems', limit: 'max_list_items', code: 'MAX_LIST_ITEMS_LIMIT', what: 'items in a list' },
];

/** Refuses what is larger than one operation may be, before validation: that takes time with the square of some of these. Throws a `GatewayError`. */
export function checkDocument(document: DocumentNode, limits: DocumentLimits): void {
  const measures = measureDocument(document);
  for (const { measure, limit, code, what } of RULES) {
    if (measures[measure] <= limits[limit]) continue;
    const counted = measure === 'listItems' ? '' : ', with its fragments written out';
    const message = `The operation has more than ${limits[limit]} ${what} ("limits.${limit}")${counted}.`;
    throw new GatewayError(code, message);
  }
}
