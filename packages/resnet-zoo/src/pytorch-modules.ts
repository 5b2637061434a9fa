import type { Architecture } from "./architecture.ts";
import { assertOptions } from "./check.ts";
import { resolveName } from "./registry.ts";

/**
 * How PyTorch calls the layers of a network: the module of a path, `features.2.conv.0.0` of
 * `stage2/block1/expand` in torchvision's MobileNetV2. Undefined where the architecture does not say; its
 * layers keep the names that `exportPyTorch` gives by itself then.
 *
 * @throws NoSuchNetworkError for an unknown name, with the nearest valid one.
 */
export function pytorchModules(
  name: string,
  options: { readonly architectures?: readonly Architecture[] | undefined } = {},
): ((path: string) => string) | undefined {
  assertOptions("pytorchModules", options, { architectures: true });
  return resolveName(name, options.architectures).architecture.pytorchModule;
}
