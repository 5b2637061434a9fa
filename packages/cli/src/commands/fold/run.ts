import { foldNetwork } from "@bn-only/trainer";
import { plural } from "../../format.ts";
import type { Io } from "../../io.ts";
import { compact } from "../shared/compact.ts";
import type { CompactOptions } from "../shared/compact-options.ts";

/** `bn-only fold`: the network for inference, with BatchNorm in its convolutions. */
export function runFold(path: string, options: CompactOptions, io: Io): Promise<void> {
  return compact(
    path,
    "folded",
    async (before) => {
      const { network, folded, remaining } = await foldNetwork(before);
      const stay =
        remaining.length === 0
          ? []
          : [
              `${plural(remaining.length, "BatchNorm")} stay, with nothing before them to take them`,
            ];
      return {
        network,
        notes: {},
        result: { folded, remaining },
        ifSlower:
          "Slower here, where BatchNorm costs next to nothing beside the next convolution; other runtimes gain.",
        lines: [`${plural(folded, "BatchNorm")} folded into the layers before them`, ...stay],
      };
    },
    { options, io },
  );
}
