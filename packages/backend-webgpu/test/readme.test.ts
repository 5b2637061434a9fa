import { testReadmeBlocks } from "@bn-only/testing/readme-blocks";

await testReadmeBlocks(import.meta.url);
