import { callerOf } from "@/lib/auth/caller";
import { answerMetrics } from "@/lib/monitoring/metrics/answer";

/** Figures in the text format of Prometheus. */
export async function GET(request: Request): Promise<Response> {
  return answerMetrics(callerOf(request));
}
