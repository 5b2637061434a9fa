import { machineTag } from "./machine.ts";

const UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const TEMPORARY = new RegExp(`^\\..+\\.${UUID}\\.part$`);

/** Of a file that is not whole yet: nobody can know the name before it exists. */
export const isTemporaryName = (name: string): boolean => TEMPORARY.test(name);

export function newTemporaryName(name: string): string {
  const { randomUUID } = process.getBuiltinModule("node:crypto");
  return `.${name}.${machineTag()}-${process.pid}.${randomUUID()}.part`;
}

/** Whose process has the file, if that can be told: of another machine, or an earlier version's, it cannot. */
export function ownerOfTemporary(name: string): number | undefined {
  if (!isTemporaryName(name)) return undefined;
  const [machine, pid] = name.split(".").at(-3)?.split("-") ?? [];
  return machine === machineTag() && /^\d+$/.test(pid ?? "") ? Number(pid) : undefined;
}
