"use client";

import * as Primitive from "radix-ui/tooltip";
import type { ReactNode } from "react";

/** A few words on hover and on focus. The child must be able to take focus; nothing needed may live only here. */
export function Tooltip({ content, children }: { content: ReactNode; children: ReactNode }) {
  return (
    <Primitive.Provider delayDuration={250}>
      <Primitive.Root>
        <Primitive.Trigger asChild>{children}</Primitive.Trigger>
        <Primitive.Portal>
          <Primitive.Content sideOffset={6} collisionPadding={8} className="z-50 max-w-72 rounded-[7px] bg-raised px-2.5 py-1.5 text-caption text-ink shadow-[var(--shadow-menu)]">
            {content}
          </Primitive.Content>
        </Primitive.Portal>
      </Primitive.Root>
    </Primitive.Provider>
  );
}
