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
  segmentLength?: number,
): Layer<ChainSaved> {
  assertChildren("checkpointedSequential", children);
  const entries = Object.entries(children);
  const length = segmentLength ?? Math.max(1, Math.ceil(Math.sqrt(entries.length)));
  assertWhole("checkpointedSequential: segmentLength", length, 1);
  const segments: Record<string, Layer> = {};
  for (let first = 0; first < entries.length; first += length) {
    const segment = Object.fromEntries(entries.slice(first, first + length));
    segments[`from${first}`] = checkpointed(sequential(segment)) as Layer;
  }
  return Object.assign(sequential(segments), { kind: "checkpointedSequential", children });
}
