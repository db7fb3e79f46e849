import { defineErrors } from "@/lib/errors";

export const downloadErrors = defineErrors("download", {
  no_backup: {
    kind: "not_found",
    message: (_: object) => "There is no such backup.",
    hint: () => "It may have been deleted. The audit log says when and by whom.",
  },
  no_roles: {
    kind: "not_found",
    message: (_: object) => "This backup has no roles file.",
    hint: () => "Roles were not part of it; the backup itself is unchanged.",
  },
  file_missing: {
    kind: "not_found",
    message: (d: { key: string; stores: string[] }) => `${d.key} is not in ${d.stores.join(" or ")} any more, so there is nothing to download.`,
    hint: () => "Somebody or something outside Holdfast removed it, or its disk is not mounted. Rescan the store to bring the list up to date.",
  },
  unreadable: {
    kind: "unavailable",
    message: (d: { key: string; why: string }) => `${d.key} cannot be read: ${d.why}.`,
    hint: () => "Give the user that runs the web process access to the store. The file itself has not been changed.",
  },
});
