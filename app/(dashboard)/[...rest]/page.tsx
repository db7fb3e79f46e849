import { notFound } from "next/navigation";

/** Every address that leads nowhere, so that the answer still stands in the frame. */
export default function Nowhere(): never {
  notFound();
}
