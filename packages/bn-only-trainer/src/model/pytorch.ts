import type { Network } from "@bn-only/frozen-layers";
import { assertFunction, assertNetwork, assertThat } from "../check.ts";
import { ModelFileError } from "../errors.ts";
import { outputsFirst } from "./layouts.ts";
import { encodeSafetensors, type StoredTensor } from "./safetensors.ts";

/**
 * All parameters and running statistics of a network, the drawn ones too, as a `.safetensors` file with the names and layouts
 * of torchvision's ResNets: `conv1.weight` `[out, in, height, width]`, `layer1.0.bn1.running_mean`, `layer2.0.downsample.0.weight`,
 * `fc.weight` `[out, in]`. Layers that these ResNets do not have keep their paths, with dots. PyTorch's
 * `load_state_dict` adds `num_batches_tracked` itself.
 *
 * @param metadata whatever else the file should say
 * @param moduleName the module in PyTorch of a layer's path, `stage2/block1/shortcut/conv`. Default: as above; `pytorchModules` of
 * `@bn-only/resnet-zoo` gives that of an architecture with other names
 * @throws ModelFileError when two tensors would have one name.
 */
export async function exportPyTorch(
  network: Network,
  metadata: Readonly<Record<string, string>> = {},
  moduleName: (path: string) => string = resnetModule,
): Promise<Uint8Array> {
  assertNetwork("exportPyTorch", network);
  assertFunction("exportPyTorch: moduleName", moduleName);
  return encodeSafetensors({
    metadata: new Map(Object.entries({ ...metadata, format: "pt" })),
    tensors: await pytorchTensors("exportPyTorch", network, moduleName),
  });
}

/** All tensors of a network by PyTorch's names, in its layouts. */
export async function pytorchTensors(
  caller: string,
  network: Network,
  moduleName?: (path: string) => string,
): Promise<Map<string, StoredTensor>> {
  const tensors = new Map<string, StoredTensor>();
  for (const { path, shape, value } of [...network.parameters, ...network.buffers]) {
    const name = pytorchName(path, moduleName);
    if (tensors.has(name)) {
      throw new ModelFileError(
        `${caller}: "${path}" and another tensor would both be "${name}". Name the layers apart.`,
      );
    }
    tensors.set(name, outputsFirst({ shape, values: await value.data<"float32">() }));
  }
  return tensors;
}

const leaves: Readonly<Record<string, string>> = {
  kernel: "weight",
  gamma: "weight",
  beta: "bias",
  mean: "running_mean",
  variance: "running_var",
};

/** `stage2/block1/shortcut/conv/kernel` is `layer2.0.downsample.0.weight`. */
export function pytorchName(
  path: string,
  moduleName: (path: string) => string = resnetModule,
): string {
  const end = path.lastIndexOf("/");
  const leaf = path.slice(end + 1);
  const module = end < 0 ? "" : moduleName(path.slice(0, end));
  assertThat(typeof module === "string", "exportPyTorch: moduleName(path)", "a text", module);
  return `${module}.${leaves[leaf] ?? leaf}`.replace(/^\./, "");
}

/** torchvision's ResNets. */
function resnetModule(path: string): string {
  return path
    .replaceAll("/", ".")
    .replace(/^stem\.(conv|bn)$/, "$11")
    .replace(/^head$/, "fc")
    .replace(
      /^stage(\d+)\.block(\d+)\./,
      (_, stage, block) => `layer${stage}.${Number(block) - 1}.`,
    )
    .replace(/\.shortcut\.conv$/, ".downsample.0")
    .replace(/\.shortcut\.bn$/, ".downsample.1");
}
