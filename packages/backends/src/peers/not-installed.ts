/** What engines and bundlers say of a package that is not there, before its name in quotes. */
const missing =
  /Cannot find|Could not resolve|Failed to resolve|bare specifier|does not resolve|not a dependency/;
/** What a module in CommonJS says where a browser runs it as it is. */
const commonJs = /\b(module|exports|require) is not defined/;

/** A bundler's empty module in the place of a package that is not there. */
class EmptyModule extends Error {}

/**
 * An error of an import that failed, which says what to do about it.
 *
 * @param specifier for `npm install`, with the version where it is pinned
 */
export function importError(specifier: string, cause: unknown): Error {
  const name = specifier.replace(/(?<=.)@.*/, "");
  const message = cause instanceof Error ? cause.message : String(cause);
  const reason = message.split("\n")[0]!;
  const named = /['"“]([^'"”]+)['"”]/.exec(reason)?.[1];
  if (
    cause instanceof EmptyModule ||
    (missing.test(reason) && `${named}/`.startsWith(`${name}/`))
  ) {
    return new Error(`${name} is not installed; run "npm install ${specifier}"`, { cause });
  }
  const cure = commonJs.test(reason)
    ? "; it is CommonJS, served as it is: leave bn-only and tfjs out of optimizeDeps.exclude"
    : "";
  return new Error(`${name} cannot be imported (${reason})${cure}`, { cause });
}

/** The module, which exports `name` unless a bundler put an empty one in its place. */
export function present<Module extends object>(module: Module, name: keyof Module): Module {
  if (module[name] !== undefined) return module;
  throw new EmptyModule("an empty module");
}
