import type { LimitsConfig } from '../../config/Config.ts';

/** Bounds of a document that is parsed, whoever sends it. */
export type DocumentLimits = Pick<
  LimitsConfig,
  | 'parser_max_recursion'
  | 'max_tokens'
  | 'max_depth'
  | 'max_height'
  | 'max_aliases'
  | 'max_root_fields'
  | 'max_directives'
  | 'max_list_items'
>;
