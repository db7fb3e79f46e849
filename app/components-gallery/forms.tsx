"use client";

import { Archive, Download, Trash2 } from "lucide-react";
import { toast } from "sonner";
import { Row } from "@/app/components-gallery/row";
import { ConfirmDialog } from "@/components/confirm/confirm-dialog";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { CopyButton } from "@/components/ui/copy-button";
import { DropdownMenuItem, DropdownMenuSeparator, KebabMenu } from "@/components/ui/dropdown-menu";
import { Field } from "@/components/ui/field";
import { FilterBar, FilterPill } from "@/components/ui/filter-pill";
import { Input, Textarea } from "@/components/ui/input";
import { Kbd } from "@/components/ui/kbd";
import { RadioGroup, RadioRow } from "@/components/ui/radio-row";
import { SearchInput } from "@/components/ui/search-input";
import { Select } from "@/components/ui/select";
import { Tooltip } from "@/components/ui/tooltip";

const options = ["orders", "reporting", "bimcalc"].map((name) => ({ value: name, label: name, href: `?database=${name}` }));
const wait = () => new Promise((resolve) => setTimeout(resolve, 600));

export function Interactive() {
  return (
    <Row title="Buttons and menus" note="One primary per page. Red only on the button that replaces or destroys.">
      <div className="flex flex-wrap items-center gap-3">
        <Button variant="primary">Back up now</Button>
        <Button variant="primary" pending>
          Starting…
        </Button>
        <Button onClick={() => toast.success("bimcalc is kept until removed", { action: { label: "Undo", onClick: () => {} } })}>
          <Download size={16} strokeWidth={1.75} aria-hidden />
          Show a toast
        </Button>
        <Button variant="quiet">Discard</Button>
        <Button size="sm">Restore</Button>
        <ConfirmDialog
          trigger={<Button>Check all copies</Button>}
          title="Read every backup of orders again"
          description="Reads 113.4 GiB from local-disk. Backups go on meanwhile."
          tone="primary"
          confirmLabel="Check copies"
          onConfirm={async () => {
            await wait();
            return { ok: true };
          }}
        />
        <ConfirmDialog
          trigger={<Button variant="danger-quiet">Delete backup</Button>}
          title="Delete the backup of bimcalc from 22 Sep 2026 02:00:04 UTC"
          consequences={[
            {
              text: (
                <>
                  <b>The newest proven point of bimcalc moves back 12 h</b>, to 21 Sep 14:00.
                </>
              ),
            },
            { text: "742 MiB go from local-disk and s3-offsite. This cannot be undone." },
          ]}
          safetyNet={
            <>
              <b>Not touched:</b> the live database and the 44 other backups.
            </>
          }
          phrase="bimcalc"
          reason="required"
          confirmLabel="Delete backup"
          note="This backup is proven."
          onConfirm={async () => {
            await wait();
            return { ok: false, error: { message: "The backup was not deleted: local-disk is read-only.", hint: "Remount it for writing, then try again." } };
          }}
        />
        <KebabMenu label="More actions for bimcalc">
          <DropdownMenuItem>
            <Download size={16} strokeWidth={1.75} aria-hidden />
            Download
          </DropdownMenuItem>
          <DropdownMenuItem>
            <Archive size={16} strokeWidth={1.75} aria-hidden />
            Keep until removed
          </DropdownMenuItem>
          <DropdownMenuSeparator />
          <DropdownMenuItem tone="danger">
            <Trash2 size={16} strokeWidth={1.75} aria-hidden />
            Delete backup
          </DropdownMenuItem>
        </KebabMenu>
        <Tooltip content="Reads the file again and compares its hash.">
          <Button variant="quiet">With a tooltip</Button>
        </Tooltip>
        <span className="font-mono text-table">
          9f2c41d7e0a8…5be1c6 <CopyButton text="9f2c41d7e0a8" label="Copy SHA-256" />
        </span>
        <Kbd>⌘K</Kbd>
      </div>
      <div className="mt-5">
        <FilterBar clearHref="?" summary="1 to 12 of 83">
          <SearchInput action="/components-gallery" value={null} placeholder="Search sentences" />
          <FilterPill label="Proof" value={null} options={options} clearHref="?" />
          <FilterPill label="Database" value="orders" options={options} clearHref="?" />
        </FilterBar>
      </div>
    </Row>
  );
}

export function Forms() {
  return (
    <Row title="Fields" note="Label above, hint below, error at the field.">
      <div className="grid grid-cols-3 items-start gap-5 max-sm:grid-cols-1">
        <Field label="Bucket" hint="Tested 08:39 UTC: wrote, read, compared, deleted.">
          <Input defaultValue="bimcalc-backups" />
        </Field>
        <Field label="Format" note="of the dump" hint="Custom restores single tables.">
          <Select defaultValue="custom">
            <option value="custom">Custom, zstd</option>
            <option value="plain">Plain SQL, gzip</option>
          </Select>
        </Field>
        <Field label="Webhook address" error="This is not an address. It starts with https://">
          <Input defaultValue="http:/hooks.example" />
        </Field>
        <Field label="Note">
          <Textarea />
        </Field>
        <Field label="Keep for">
          <div className="flex items-center gap-2">
            <Input figure defaultValue="14" aria-label="Days" /> days
          </div>
        </Field>
        <div>
          <Checkbox defaultChecked>Stay signed in for 7 days on this device</Checkbox>
          <Checkbox hint="Needs a superuser, and makes that file a secret.">Passwords of roles</Checkbox>
        </div>
      </div>
      <RadioGroup label="Container" className="mt-6">
        <RadioRow name="container" value="1" defaultChecked title="bimcalc-postgres" sub="postgres:16.4 · up 41 days · bimcalc, 2.2 GiB, 10 tables" end="Tested" />
        <RadioRow name="container" value="2" title="orders-db" sub="postgres:15.8 · up 12 days · orders, 6.1 GiB, 31 tables" end="Not tested" />
        <RadioRow name="container" value="3" disabled title="bimcalc-test-pg" sub="postgres:16.4 · stopped 3 days ago" end="Start it to test it" />
      </RadioGroup>
    </Row>
  );
}
