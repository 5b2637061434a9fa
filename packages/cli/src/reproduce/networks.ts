/** The depth of a residual network by its name, and how wide it is: `cifar-resnet-14-4` is 14 deep and 4 wide. */
export function depthOf(network: string): number {
  return Number(/-resnet-(\d+)/.exec(network)?.[1] ?? Number.NaN);
}

export function widthOf(network: string): number {
  return Number(/-resnet-\d+-(\d+)$/.exec(network)?.[1] ?? 1);
}
