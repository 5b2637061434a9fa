/** Workgroups in one dimension; every WebGPU device has so many. */
const MOST = 65_535;

/** Two dimensions that hold at least `groups` workgroups, as few more as rows allow. */
export function dispatchSize(groups: number): [x: number, y: number] {
  const rows = Math.ceil(groups / MOST);
  return [Math.ceil(groups / Math.max(1, rows)), rows];
}
