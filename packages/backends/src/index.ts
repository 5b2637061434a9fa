export { currentBackendName } from "./current.ts";
export { BackendError } from "./errors.ts";
export { backendNames, registerBackendCandidate } from "./registry.ts";
export { selfTest } from "./self-test.ts";
export { inspectBackends, useBackend } from "./use-backend.ts";

export type { BackendReport } from "./attempt.ts";
export type { BackendCandidate, BackendOptions, PreparedBackend } from "./candidate.ts";
export type { BackendChoice, BackendName, UseBackendOptions } from "./use-backend.ts";
