import type { ExpressionInput } from '../../expressions/compileExpression.ts';

/** A decision of the configuration: yes or no in any case, or by an expression. What that speaks of and is not there means `otherwise`. */
export async function decideBy(
  decision: boolean | string,
  otherwise = false,
): Promise<(context: ExpressionInput) => boolean> {
  if (typeof decision === 'boolean') return () => decision;
  const { compileExpression } = await import('../../expressions/compileExpression.ts');
  const decide = compileExpression(decision, 'bool');
  return (context) => {
    try {
      return decide(context);
    } catch {
      return otherwise;
    }
  };
}
