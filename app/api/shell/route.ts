import { handler } from "@/lib/auth/handler";
import { shellStatus } from "@/lib/monitoring/shell-status";

/** What the frame asks for every few seconds: active runs, the worker's heartbeat, the worst state. */
export const GET = handler({ role: "viewer", attempt: "shell.read" }, shellStatus);
