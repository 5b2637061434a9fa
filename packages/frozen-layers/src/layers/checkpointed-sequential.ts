import { checkpointed } from "./checkpointed.ts";
import { assertWhole } from "../shape.ts";
import { assertChildren } from "./children.ts";
import type { Layer } from "./layer.ts";
import { type ChainSaved, sequential } from "./sequential.ts";

/**
 * `sequential` in segments, each of them `checkpointed`: of n layers it saves √n inputs, and while it
 * runs backward what the √n layers of one segment need. Forward runs twice (Chen et al. 2016,
 * arXiv 1604.06174, section 3). Paths are those of `sequential`.
 *
 * @param segmentLength layers that are run again at once; default √n, where memory is least
 * @throws ShapeError when it is not a whole number from 1.
 */
export function checkpointedSequential(
  children: Readonly<Record<string, Layer>>,
  segmentLength: number = Math.max(1, Math.ceil(Math.sqrt(Object.keys(children).length))),
): Layer<ChainSaved> {
  assertChildren("checkpointedSequential", children);
  assertWhole("checkpointedSequential: segmentLength", segmentLength, 1);
  const entries = Object.entries(children);
  const segments: Record<string, Layer> = {};
  for (let first = 0; first < entries.length; first += segmentLength) {
    const segment = Object.fromEntries(entries.slice(first, first + segmentLength));
    segments[`from${first}`] = checkpointed(sequential(segment)) as Layer;
  }
  return { ...sequential(segments), kind: "checkpointedSequential", children };
}
