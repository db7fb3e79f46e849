"use client";

import { useRouter } from "next/navigation";
import { ConfirmDialog } from "@/components/confirm/confirm-dialog";
import { disableUserAction, resetPasswordAction } from "./actions";

interface Person {
  id: string;
  name: string;
}

/** Asks before someone is shut out. */
export function DisableUser({ user, close }: { user: Person; close: () => void }) {
  const router = useRouter();
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && close()}
      title={`Disable ${user.name}`}
      consequences={[{ text: `${user.name} is signed out of every browser at once.` }, { text: "They cannot sign in until an admin enables the account." }]}
      safetyNet="What they did stays in the audit log. Runs they started go on. You can enable the account at any time."
      confirmLabel={`Disable ${user.name}`}
      pendingLabel="Disabling…"
      onConfirm={() => disableUserAction({ userId: user.id })}
      onDone={() => router.refresh()}
    />
  );
}

/** Asks before a password is replaced, and hands the new one over. */
export function ResetPassword({ user, close, onMade }: { user: Person; close: () => void; onMade: (password: string) => void }) {
  const router = useRouter();
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && close()}
      title={`Make a new password for ${user.name}`}
      description={`The present password stops working and ${user.name} is signed out of every browser. The new one is shown to you once.`}
      confirmLabel="Make a new password"
      pendingLabel="Making…"
      tone="primary"
      onConfirm={async () => {
        const result = await resetPasswordAction({ userId: user.id });
        if (result.ok) onMade(result.data.password);
        return result;
      }}
      onDone={() => router.refresh()}
    />
  );
}
