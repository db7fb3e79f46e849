import { handler } from "@/lib/auth/handler";
import { previewRetention } from "@/lib/retention/preview";
import { PreviewInput } from "@/lib/retention/schemas";

/** What a retention policy would keep and let go, before it is saved. */
export const GET = handler({ role: "viewer", attempt: "retention.preview", input: PreviewInput }, previewRetention);
