/** In a process that runs as root: becomes `runAs` (`uid:gid`), with the group of the Engine's socket. */
export function stepDown(options?: { runAs?: string | undefined; socket?: string; directories?: string[] }): void;
