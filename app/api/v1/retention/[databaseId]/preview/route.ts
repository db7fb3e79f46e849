import { postPreview } from "@/lib/api/operations/retention";
import { route } from "@/lib/api/route";

export const POST = route(postPreview);
