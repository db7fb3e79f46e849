"use client";

import { Plus } from "lucide-react";
import { useRouter } from "next/navigation";
import { toast } from "sonner";
import { StoreFormDialog } from "@/components/stores/store-form";
import { Button } from "@/components/ui/button";
import { addStoreAction } from "./actions";

/** A button and the form behind it. */
export function AddStore({ initial }: { initial: { name: string; path: string } }) {
  const router = useRouter();
  return (
    <StoreFormDialog
      trigger={<Button variant="primary"><Plus size={16} strokeWidth={1.75} aria-hidden />Add store</Button>}
      title="Add a directory for backups"
      submitLabel="Add store"
      initial={initial}
      holdsFiles={false}
      save={addStoreAction}
      onSaved={() => {
        toast.success("The store was added. Test it before you rely on it.");
        router.refresh();
      }}
    />
  );
}
