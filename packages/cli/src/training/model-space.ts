import type { Network } from "@bn-only/frozen-layers";
import { type Condition, conditionSelection } from "@bn-only/trainer";

/** Of names, metadata and a last run.json. */
const REST = 64 * 1024;

/** More bytes than the model file and the end of `run.json` will need. */
export function modelSpace(network: Network, condition: Condition): number {
  network.setTrainable(conditionSelection(condition, network));
  const stored = network.parameters.filter(
    ({ trainable, role }) => trainable || role.startsWith("bn."),
  );
  const numbers = [...stored, ...network.buffers].reduce((sum, { size }) => sum + size, 0);
  return 4 * numbers + REST;
}
