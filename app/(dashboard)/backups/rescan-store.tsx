"use client";

import { FolderSync } from "lucide-react";
import { Button } from "@/components/ui/button";
import { DropdownMenu, DropdownMenuContent, DropdownMenuItem, DropdownMenuLabel, DropdownMenuTrigger } from "@/components/ui/dropdown-menu";
import { useRescan } from "./use-backup-actions";

/** Looks into a store for files that are not listed, or listed and gone. With several stores it asks which. */
export function RescanStore({ stores }: { stores: readonly { id: string; name: string }[] }) {
  const rescan = useRescan();
  const [only] = stores;
  if (!only) return null;
  const face = (
    <>
      <FolderSync size={16} strokeWidth={1.75} aria-hidden />
      Rescan store
    </>
  );
  if (stores.length === 1) return <Button onClick={() => void rescan(only)}>{face}</Button>;
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button>{face}</Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end">
        <DropdownMenuLabel>Look for files in</DropdownMenuLabel>
        {stores.map((store) => (
          <DropdownMenuItem key={store.id} onSelect={() => void rescan(store)}>
            {store.name}
          </DropdownMenuItem>
        ))}
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
