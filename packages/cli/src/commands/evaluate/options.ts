import type { BackendSelection } from "../../backend.ts";
import type { DataSelection } from "../shared/data-options.ts";
import type { PluginSelection } from "../shared/plugin-option.ts";

export interface EvaluateCommandOptions extends DataSelection, BackendSelection, PluginSelection {
  readonly json?: boolean;
}
