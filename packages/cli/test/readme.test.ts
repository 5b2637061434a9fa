import { testShellBlocks } from "@bn-only/testing/shell-blocks";
import { bin } from "./support/bin.ts";

await testShellBlocks(import.meta.url, { command: "bn-only", script: bin });
