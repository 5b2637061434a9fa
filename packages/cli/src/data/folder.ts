/** Before the path of a folder of images, as the name of a data set. */
export const FOLDER = "folder:";
