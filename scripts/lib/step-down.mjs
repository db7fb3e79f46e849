import { chownSync, existsSync, readdirSync, statSync } from "node:fs";
import { defaultSocket } from "./engine-address.mjs";

/**
 * In a container that starts as root and names a user in HOLDFAST_RUN_AS (`uid:gid`): becomes that user, with the group that
 * the Engine's socket has on this host, whose number no image can know. Does nothing anywhere else.
 */
export function stepDown({ runAs = process.env.HOLDFAST_RUN_AS, socket = defaultSocket, directories = [] } = {}) {
  if (!runAs || process.getuid?.() !== 0) return;
  const [uid, gid] = runAs.split(":").map(Number);
  if (!(uid > 0 && gid > 0)) throw new Error(`HOLDFAST_RUN_AS is "${runAs}"; it takes two numbers, such as 10001:10001.`);
  for (const directory of directories) {
    // One that the Engine made for a mount belongs to root and is empty. Anything else is somebody's and stays as it is.
    if (existsSync(directory) && statSync(directory).uid === 0 && readdirSync(directory).length === 0) chownSync(directory, uid, gid);
  }
  process.setgroups(existsSync(socket) ? [statSync(socket).gid] : []);
  process.setgid(gid);
  process.setuid(uid);
}
