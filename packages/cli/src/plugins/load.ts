import { noPlugins, type Plugins } from "./plugins.ts";

export async function loadPlugins(modules: readonly string[] = []): Promise<Plugins> {
  return modules.length === 0 ? noPlugins : { ...noPlugins, modules };
}
