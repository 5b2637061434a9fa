/** Something that this machine lacks, or that went wrong outside of us; the message says what to do. */
export class BackendInstallError extends Error {
  override name = "BackendInstallError";
}
