import { callerOf } from "@/lib/auth/caller";
import { answerBackupsHealth } from "@/lib/monitoring/answer-health";

/** For a monitor: is every database within its recovery point objective. */
export async function GET(request: Request): Promise<Response> {
  return answerBackupsHealth(callerOf(request), request);
}
