import { checkFunction, checkInteger, checkOptions, checkText, checkThat } from "./check.ts";
import { checkShape } from "./check-dataset.ts";
import type { ImageDatasetRecipe } from "./define-image-dataset.ts";
import { checkExpected, checkSources } from "./sources/file-options.ts";
import { normalizationTable } from "./transforms/normalize.ts";

/** @throws OptionError when a part of a recipe is missing, or none that a recipe has */
export function checkRecipe(recipe: ImageDatasetRecipe): void {
  checkOptions("defineImageDataset", recipe, {
    info: true,
    manifest: true,
    sources: true,
    parse: true,
    normalization: true,
    folder: true,
    archive: true,
    layouts: true,
  });
  const { info, manifest, sources, parse, normalization, folder, archive, layouts } = recipe;
  const { name, shape, classes } = Object(info) as Partial<typeof info>;
  checkText("info: name", name);
  checkShape(shape!);
  checkInteger("info: classes", classes, 1);
  const { dataset, files } = Object(manifest) as Partial<typeof manifest>;
  checkText("manifest: dataset", dataset);
  checkThat(Array.isArray(files) && files.length > 0, "manifest: files", "a list of files", files);
  for (const file of files!) {
    checkText("manifest: name of a file", (Object(file) as Partial<typeof file>).name);
    checkExpected("manifest: files", file);
  }
  checkSources(sources);
  checkFunction("parse", parse);
  if (normalization !== undefined) normalizationTable(normalization, shape![2]);
  if (folder !== undefined) checkText("folder", folder);
  if (archive !== undefined) {
    checkExpected("archive", archive);
    checkText("archive: name", archive.name);
    checkFunction("archive: read", archive.read);
  }
  if (layouts !== undefined) checkThat(Array.isArray(layouts), "layouts", "a list", layouts);
}
