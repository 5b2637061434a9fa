import { OptionError } from "./errors.ts";

/**
 * What `make` allocates.
 *
 * @param option that decides how much it is
 * @param what it is, and what to do when there is not enough memory for it
 * @throws OptionError instead of the engine's RangeError
 */
export function allocate<Values>(
  option: string,
  make: () => Values,
  what: { readonly content: string; readonly advice: string },
): Values {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new OptionError(
      option,
      `${option}: ${what.content} do not fit into memory. ${what.advice}`,
    );
  }
}
