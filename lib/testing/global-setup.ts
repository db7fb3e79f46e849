import { removeLeftovers } from "./leftovers";

/** Before an integration run: what earlier, killed runs left. After it: whatever this one did not stop itself. */
export default async function setup(): Promise<() => Promise<void>> {
  process.env["HOLDFAST_TEST_PID"] = String(process.pid);
  await removeLeftovers();
  return async () => {
    await removeLeftovers(String(process.pid));
  };
}
