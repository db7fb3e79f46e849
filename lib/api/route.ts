import "server-only";
import { callerOf } from "@/lib/auth/caller";
import { answer } from "./answer";
import type { Operation } from "./operation";

type Route = (request: Request, route: { params: Promise<Record<string, string | string[] | undefined>> }) => Promise<Response>;

/** Makes a route handler of an operation. */
export function route(operation: Operation): Route {
  return async (request, { params }) => answer(operation, callerOf(request).place, request, await params);
}
