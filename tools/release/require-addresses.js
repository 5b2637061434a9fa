// Ends with an error while a manifest lacks what npm shows, and asks for before it accepts provenance.

import { fileURLToPath } from "node:url";
import { missingAddresses, publicPackages } from "./src/packages.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const incomplete = missingAddresses(await publicPackages(root));
for (const { name, missing } of incomplete) {
  console.error(`${name}: expected ${missing.join(", ")} in package.json; see docs/releasing.md`);
}
if (incomplete.length > 0) process.exitCode = 1;
