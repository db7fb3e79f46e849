export const stopSignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Calls `onStop` at each signal that asks the command to end, the first with 1. Returns what takes the handlers away again. */
export function listenForStop(onStop: (times: number, signal: string) => void): () => void {
  let times = 0;
  const heard = (signal: string) => onStop((times += 1), signal);
  for (const signal of stopSignals) process.on(signal, heard);
  return () => {
    for (const signal of stopSignals) process.off(signal, heard);
  };
}
