/** Runs once when the web process starts, before its first request. */
export async function register(): Promise<void> {
  // Also called for the edge runtime, which has no sockets and no database.
  if (process.env["NEXT_RUNTIME"] !== "nodejs") return;
  const { appendPeerAddress } = await import("@/lib/auth/peer-address");
  appendPeerAddress();
  const { announceSetup } = await import("@/lib/users/announce-setup");
  await announceSetup();
  const { watchTheWorker } = await import("@/lib/alerts/web");
  watchTheWorker();
}
