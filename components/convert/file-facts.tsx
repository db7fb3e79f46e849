import { Time } from "@/components/time/time";
import { CopyButton } from "@/components/ui/copy-button";
import { Fact, FactList } from "@/components/ui/fact-list";
import type { ForeignView } from "@/lib/convert/read";
import { bytes } from "@/lib/format/bytes";

/** What is known of a foreign file without reading it. */
export function FileFacts({ view }: { view: ForeignView }) {
  return (
    <FactList labelWidth={104}>
      <Fact label="Name">
        <code>{view.fileName}</code>
      </Fact>
      <Fact label="Size">{bytes(view.sizeBytes)}</Fact>
      <Fact label="Store">{view.store}</Fact>
      <Fact label="Data from" sub="as its name or the file's own time says">
        <Time at={view.takenAt} format="full" />
      </Fact>
      <Fact label="Taken in by">{view.by}</Fact>
      {view.sha256 ? (
        <Fact label="SHA-256">
          <span className="flex items-start gap-1">
            <code className="min-w-0 [overflow-wrap:anywhere]">{view.sha256}</code>
            <CopyButton text={view.sha256} label="Copy SHA-256" />
          </span>
        </Fact>
      ) : null}
    </FactList>
  );
}
