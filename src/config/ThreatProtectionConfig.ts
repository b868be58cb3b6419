export interface ThreatProtectionConfig {
  readonly enabled: boolean;
  readonly mode: 'measure' | 'enforce';
  readonly rules: readonly ('sql_injection' | 'script' | 'path_traversal' | 'command_injection' | 'ssrf')[];
  readonly patterns: readonly ThreatPattern[];
  readonly allow: readonly ThreatAllowance[];
  readonly max_characters: number;
}

export interface ThreatPattern {
  readonly name: string;
  /** As RE2 has it. */
  readonly pattern: string;
  readonly ignore_case: boolean;
}

/** All that is told has to be so. */
export interface ThreatAllowance {
  /** `Type.field.argument`, or `Type.field` for each of its arguments. */
  readonly argument?: string | undefined;
  readonly variable?: string | undefined;
  readonly operation?: string | undefined;
  /** An expression. */
  readonly when?: string | undefined;
  /** Absent: all. */
  readonly rules?: readonly string[] | undefined;
}
