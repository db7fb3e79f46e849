/**
 * Node's arguments for the worker of a production build. What passes through it is garbage a moment later, and V8 lets that grow to a
 * multiple of its youngest generation before it looks: at the least that it takes, memory stays the same whatever a backup's size
 * (`npm run bench -- --backup`).
 */
export const workerArguments = ["--enable-source-maps", "--max-semi-space-size=1", "dist/worker.js"];
