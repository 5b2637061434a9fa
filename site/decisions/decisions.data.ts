import { decisions, type Decision } from "./records.ts";

declare const data: readonly Decision[];
export { data };

export default { watch: ["../../docs/decisions/*.md"], load: decisions };
