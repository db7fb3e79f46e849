"use client";

import { Printer } from "lucide-react";
import { Button } from "@/components/ui/button";

/** Opens the browser's own print dialog, which also saves as PDF. */
export function PrintButton() {
  return (
    <Button variant="primary" onClick={() => window.print()}>
      <Printer size={16} strokeWidth={1.75} aria-hidden className="text-on-accent!" />
      Print report
    </Button>
  );
}
