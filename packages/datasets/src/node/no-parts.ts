// `#node` in browsers: their bundlers find nothing of Node to follow.

import type { NodeParts } from "./parts.ts";

export const parts: NodeParts | undefined = undefined;
