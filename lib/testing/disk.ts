import type { PostgresContainer } from "./containers";

const GiB = 2 ** 30;
const MiB = 2 ** 20;

/** From now on the container's own `df` says that `freeBytes` of `totalBytes` are free, wherever it is asked. */
export async function sayFree({ exec }: PostgresContainer, { freeBytes, totalBytes }: { freeBytes: number; totalBytes: number }): Promise<void> {
  const [total, free] = [totalBytes, freeBytes].map((bytes) => Math.floor(bytes / 1024));
  const numbers = `${total} ${(total ?? 0) - (free ?? 0)} ${free} 1% /`;
  const script = `#!/bin/sh\necho Filesystem\ncase "$1" in *T*) echo "disk ext4 ${numbers}" ;; *) echo "disk ${numbers}" ;; esac\n`;
  const { exitCode, stderr } = await exec(["sh", "-c", "cat > /usr/local/bin/df && chmod 755 /usr/local/bin/df"], { input: script, user: "root" });
  if (exitCode !== 0) throw new Error(`df could not be replaced: ${stderr}`);
}

/** So little is free that only one of two small databases, of 7 MiB each, has room, with as much write-ahead log: 10 MiB beyond the reserve. */
export async function crowdDisk(container: PostgresContainer): Promise<void> {
  await sayFree(container, { freeBytes: 2 * GiB + 10 * MiB, totalBytes: 10 * GiB });
}

/** `df` says again what is so. */
export async function relieveDisk({ exec }: PostgresContainer): Promise<void> {
  await exec(["rm", "-f", "/usr/local/bin/df"], { user: "root" });
}
