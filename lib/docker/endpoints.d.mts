export interface EngineEndpoint {
  address: string;
  /** What makes it likely. */
  from: string;
  /** Where the certificates for it lie, and whether its own is checked. */
  tls?: { directory: string; verify: boolean };
}

/** A context was chosen, and nothing says where its Engine is. `from`: what chose it. */
export class MissingContext extends Error {
  constructor(context: string, from: string);
  context: string;
  from: string;
}

/** The addresses a Docker Engine may listen on, best first. Throws `MissingContext`. */
export function engineEndpoints(env?: NodeJS.ProcessEnv, home?: string, uid?: number): EngineEndpoint[];
