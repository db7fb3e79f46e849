/** The addresses a Docker Engine may listen on, best first, and what makes each likely. */
export function engineEndpoints(env?: NodeJS.ProcessEnv, home?: string): { address: string; from: string }[];
