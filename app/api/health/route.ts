import { callerOf } from "@/lib/auth/caller";
import { answerHealth } from "@/lib/monitoring/answer-health";

/** For whoever keeps Holdfast running: is it alive, and with `?ready=1`, could it work now. */
export async function GET(request: Request): Promise<Response> {
  return answerHealth(callerOf(request), request);
}
