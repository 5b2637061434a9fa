/** A link that cannot be read, in a sentence for the person who opened it. */
export class LinkError extends Error {
  override name = "LinkError";
}
