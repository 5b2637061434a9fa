import { printable } from "@bn-only/errors";
import { UsageError } from "../../errors.ts";
import { quote } from "../../report/command-line.ts";

/**
 * Files can name code but never have it run: whoever opens one that came with plugins must name them himself.
 *
 * @param subject what names them, and how: `runs/a was begun with`
 * @param named the plugins in the file
 * @param given those of the command line; any will do, for the same package may lie elsewhere here
 * @throws UsageError when the file names plugins and the command line none.
 */
export function assertPluginConsent(
  subject: string,
  named: readonly string[],
  given: readonly string[] = [],
): void {
  if (named.length === 0 || given.length > 0) return;
  const [first] = named;
  throw new UsageError(
    `${subject} the plugin ${named.map(short).join(", ")}, whose code is not in the file. Name it with --plugin ` +
      `if you trust it: --plugin ${quote(short(first!))}`,
  );
}

function short(name: string): string {
  return printable(name).slice(0, 200);
}
