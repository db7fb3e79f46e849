export interface EngineEndpoint {
  address: string;
  /** What makes it likely. */
  from: string;
  /** Where the certificates for it lie, and whether its own is checked. */
  tls?: { directory: string; verify: boolean };
}

/** The addresses a Docker Engine may listen on, best first. */
export function engineEndpoints(env?: NodeJS.ProcessEnv, home?: string, uid?: number): EngineEndpoint[];
