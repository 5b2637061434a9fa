import type { Condition } from "@bn-only/trainer";
import type { BackendSelection } from "../../backend.ts";
import type { PluginSelection } from "../shared/plugin-option.ts";

export interface BenchCommandOptions extends BackendSelection, PluginSelection {
  readonly network: string;
  readonly condition: Condition;
  readonly evaluation?: boolean;
  readonly batchSize: number;
  readonly checkpointedStages: number;
  readonly steps: number;
  readonly profile?: boolean;
  readonly json?: boolean;
}
