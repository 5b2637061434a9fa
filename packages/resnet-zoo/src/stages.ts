import { show } from "@bn-only/errors";
import { checkpointedSequential, type Layer, sequential } from "@bn-only/frozen-layers";
import { assertOptions, assertWhole } from "./check.ts";
import { ZooError } from "./errors.ts";

/** A row of blocks, of which `residualStages` makes a stage. */
export interface StageOptions {
  readonly blocks: number;
  readonly inputChannels: number;
  readonly outputChannels: number;
  /** Of the first block; the others have stride 1. */
  readonly stride: number;
}

/** Makes one block of a stage. */
export type MakeBlock = (options: {
  readonly inputChannels: number;
  readonly outputChannels: number;
  readonly stride: number;
}) => Layer;

/**
 * The stages of a residual network, `stage1/block1` and so on; the first `checkpointedStages` of
 * them save little and run forward twice.
 *
 * @throws ZooError when there are fewer stages than are to be checkpointed.
 */
export function residualStages(
  stages: readonly StageOptions[],
  makeBlock: MakeBlock,
  checkpointedStages = 0,
): Record<string, Layer> {
  if (!Array.isArray(stages) || typeof makeBlock !== "function") {
    throw new ZooError(
      `residualStages: expected a list of stages and a function that makes a block, got ${show(stages)} and ` +
        `${show(makeBlock)}.`,
    );
  }
  for (const stage of stages) assertStage(stage);
  assertCheckpointedStages(checkpointedStages, stages.length);
  const layers = stages.map(({ blocks, inputChannels, outputChannels, stride }) => {
    const stage: Record<string, Layer> = {};
    for (let block = 1; block <= blocks; block++) {
      const first = block === 1;
      stage[`block${block}`] = makeBlock({
        inputChannels: first ? inputChannels : outputChannels,
        outputChannels,
        stride: first ? stride : 1,
      });
    }
    return stage;
  });
  return joinStages(layers, checkpointedStages);
}

/**
 * `stage1` and so on of the layers of each; the first `checkpointedStages` of them save little.
 *
 * @throws ZooError when there are fewer stages than are to be checkpointed.
 */
export function joinStages(
  stages: readonly Readonly<Record<string, Layer>>[],
  checkpointedStages = 0,
): Record<string, Layer> {
  assertCheckpointedStages(checkpointedStages, stages.length);
  const joined = stages.map((stage, index) => {
    const join = index < checkpointedStages ? checkpointedSequential : sequential;
    return [`stage${index + 1}`, join(stage)];
  });
  return Object.fromEntries(joined);
}

/** @throws ZooError unless a network of so many stages has as many to checkpoint. */
export function assertCheckpointedStages(checkpointed: number, stages: number): void {
  if (Number.isInteger(checkpointed) && checkpointed >= 0 && checkpointed <= stages) return;
  throw new ZooError(
    `createNetwork: checkpointedStages must be a whole number from 0 to ${stages}, the stages of this network; got ${show(checkpointed)}.`,
  );
}

/** More blocks than the deepest network that has a name, of 9998 layers. */
const MOST_BLOCKS = 20_000;

function assertStage(stage: StageOptions): void {
  assertOptions("residualStages", stage, {
    blocks: true,
    inputChannels: true,
    outputChannels: true,
    stride: true,
  });
  assertWhole("residualStages: blocks", stage.blocks, 1, MOST_BLOCKS);
}
