import type { DemandControlConfig } from '../../config/Config.ts';
import { useDemandControl } from '../../plugins/demand/useDemandControl.ts';
import type { GatewayPlugin } from '../../plugins/GatewayPlugin.ts';
import { pinnedSnapshot } from '../../plugins/useSnapshot.ts';
import { decideBy } from './decideBy.ts';

export async function openDemandControl({ expose, ...config }: DemandControlConfig): Promise<GatewayPlugin> {
  const costsOf = (context: object) => pinnedSnapshot(context).costs;
  return useDemandControl({ ...config, mayRead: await decideBy(expose), costsOf });
}
