/** Node's arguments for the worker of a production build, to be run in the root of the project. */
export const workerArguments: readonly string[];
