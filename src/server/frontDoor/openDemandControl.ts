import type { DemandControlConfig } from '../../config/Config.ts';
import type { GatewayContext } from '../../context.ts';
import { useDemandControl } from '../../plugins/demand/useDemandControl.ts';
import type { GatewayPlugin } from '../../plugins/GatewayPlugin.ts';
import { pinnedSnapshot } from '../../plugins/useSnapshot.ts';

export async function openDemandControl({ expose, ...config }: DemandControlConfig): Promise<GatewayPlugin> {
  return useDemandControl({
    ...config,
    mayRead: await readerOf(expose),
    costsOf: (context) => pinnedSnapshot(context).costs,
  });
}

async function readerOf(expose: boolean | string): Promise<(context: GatewayContext) => boolean> {
  if (typeof expose === 'boolean') return () => expose;
  const { compileExpression } = await import('../../expressions/compileExpression.ts');
  const mayRead = compileExpression(expose, 'bool');
  return (context) => {
    try {
      return mayRead(context);
    } catch {
      // What it speaks of is not there: a claim, or anybody at all.
      return false;
    }
  };
}
