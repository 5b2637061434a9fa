import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { testReadmeBlocks } from "@bn-only/testing/readme-blocks";
import { afterAll } from "vitest";
import { twoClasses } from "./image-folder/folder.ts";

// The README reads ./photos.
const [before, folder] = [process.cwd(), await mkdtemp(join(tmpdir(), "bn-only-readme-"))];
for (const [name, bytes] of Object.entries(twoClasses(20, true))) {
  const file = join(folder, "photos", name);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, bytes);
}
process.chdir(folder);
afterAll(async () => {
  process.chdir(before);
  await rm(folder, { recursive: true });
});

await testReadmeBlocks(import.meta.url);
