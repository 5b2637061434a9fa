/** Before the path of a folder of images, as the name of a data set. */
export const FOLDER = "folder:";

/** The path of a folder of images; undefined for other data sets. */
export function folderPath(dataset: string): string | undefined {
  return dataset.startsWith(FOLDER) ? dataset.slice(FOLDER.length) : undefined;
}
