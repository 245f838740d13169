import { Link } from "@tanstack/react-router";
import { ChevronRight, Columns2, Flag, Play } from "lucide-react";
import type { ManifestPanel, TableDetail } from "@/api/generated";
import { ActionButton } from "@/components/ActionButton";
import { Facts, PageHead, Tag } from "@/components/bits";
import { CopyButton } from "@/components/CopyButton";
import { StatusBadge, StatusIcon } from "@/components/StatusIcon";
import { Button } from "@/components/ui/button";
import { cn } from "@/lib/cn";
import { bytes, count, duration, lag, plural, sentence, short } from "@/lib/format";
import { useStartRun } from "@/lib/start-run";
import { useAge, useTimes } from "@/lib/time";
import { healthWord, type Tone } from "@/lib/vocabulary";
import type { Asked } from "./choices";
import { HoldCard } from "./HoldCard";
import { TableMenu } from "./TableMenu";

const NOTE: Record<Tone, string> = {
  ok: "bg-ok-bg border-ok-line",
  warn: "bg-warn-bg border-warn-line",
  fail: "bg-fail-bg border-fail-line",
  info: "bg-info-bg border-info-line",
  mute: "bg-mute-bg border-mute-line",
};

export function TableHeader({
  table,
  onChoose,
}: {
  table: TableDetail;
  onChoose: (asked: Asked) => void;
}) {
  const { open } = useStartRun();
  return (
    <>
      <PageHead
        title={table.name}
        badge={
          <>
            <span aria-live="polite">
              <StatusBadge word={healthWord(table.health)} pill tip={table.health_reason} />
            </span>
            {table.app && <Tag>{table.app}</Tag>}
            {table.is_typelist && <Tag>Typelist</Tag>}
            {table.quarantined_files > 0 && (
              <Tag tone="warn">
                <Flag aria-hidden /> {plural(table.quarantined_files, "file")} set aside
              </Tag>
            )}
            {table.layout && <Tag>{table.layout.replace("_", " ")} layout</Tag>}
          </>
        }
        crumbs={<TableCrumbs name={table.name} />}
        actions={
          <>
            {table.version !== null && (
              <Button asChild>
                <Link to="/compare" search={{ a: table.name, ac: table.connection }}>
                  <Columns2 aria-hidden /> Compare
                </Link>
              </Button>
            )}
            {table.health !== "Orphan" && (
              <ActionButton
                onClick={() => open({ connection: table.connection, include: [table.name] })}
              >
                <Play aria-hidden className="text-accent-ink" /> Run this table
              </ActionButton>
            )}
            {table.health !== "Orphan" && <TableMenu table={table} onChoose={onChoose} />}
          </>
        }
      >
        <CopyButton text={table.path} label="path" />
      </PageHead>
      {table.hold ? (
        <HoldCard table={table} hold={table.hold} onChoose={onChoose} />
      ) : (
        <HealthNote table={table} />
      )}
      <TableFacts table={table} />
    </>
  );
}

export function TableCrumbs({ name }: { name: string }) {
  return (
    <>
      <Link to="/tables" className="hover:text-ink hover:underline">
        Tables
      </Link>
      <ChevronRight aria-hidden className="size-3 text-ink-3" />
      <span aria-current="page" className="truncate">
        {name}
      </span>
    </>
  );
}

/** Why the health is what it is, and what to do about it. */
function HealthNote({ table }: { table: TableDetail }) {
  const word = healthWord(table.health);
  const age = useAge(table.error_since, 10_000);
  if (table.health === "Healthy" && !table.error) return null;
  return (
    <div
      className={cn(
        "mb-4 flex items-center gap-2.5 rounded-m border px-3 py-2 text-md",
        NOTE[word.tone],
      )}
    >
      <StatusIcon word={word} className="self-start mt-1.5" />
      <div className="min-w-0 flex-1 py-1 [overflow-wrap:anywhere]">
        <p>{sentence(table.health_reason)}</p>
        {table.error && (
          <p className="mt-0.5 text-ink-2">
            {table.error.hint || table.error.message}{" "}
            <code className="font-mono text-axis">{table.error.code}</code>
            {age !== null && `, for ${short(age)}`}
          </p>
        )}
      </div>
      {table.last_run_id && (
        <Button asChild size="s">
          <Link
            to="/runs/$runId"
            params={{ runId: table.last_run_id }}
            search={{ table: table.name }}
          >
            Open run
          </Link>
        </Button>
      )}
    </div>
  );
}

function pendingFact(manifest: ManifestPanel) {
  const { pending, pending_folders: folders, pending_files: files, pending_bytes: size } = manifest;
  if (folders === null) return { value: "–", note: pending, tip: pending ?? undefined };
  return {
    value: folders === 0 ? "nothing" : plural(folders, "folder"),
    note: folders === 0 ? pending : `${plural(files ?? 0, "file")}, ${bytes(size)}`,
    tip: pending ?? undefined,
  };
}

function TableFacts({ table }: { table: TableDetail }) {
  const times = useTimes();
  const updated = useAge(table.last_updated, 10_000);
  const day = (at: string | null) => (at ? times.day(at) : undefined);
  return (
    <div className="mb-4">
      <Facts
        facts={[
          {
            label: "Rows",
            value: count(table.row_count),
            note: table.row_count === null ? table.unknown_reason : "from log statistics",
            tip: table.row_count === null ? (table.unknown_reason ?? undefined) : undefined,
          },
          {
            label: "Size",
            value: bytes(table.size_bytes),
            note: table.file_count === null ? null : plural(table.file_count, "file"),
          },
          {
            label: "Version",
            value: count(table.version),
            note: updated === null ? "no data yet" : `${short(updated)} ago`,
            tip: table.last_updated ? times.full(table.last_updated) : undefined,
          },
          {
            label: "Watermark",
            value: table.watermark ? times.clock(table.watermark) : "–",
            note: table.watermark ? `${day(table.watermark)}, ${times.label}` : "nothing loaded",
            tip: table.manifest.watermark_ms ?? undefined,
          },
          {
            label: "Manifest time",
            value: table.manifest_time ? times.clock(table.manifest_time) : "–",
            note:
              table.source_age_seconds === null
                ? "not in the manifest"
                : `${day(table.manifest_time)}, ${short(table.source_age_seconds)} ago`,
            tip: table.manifest.manifest_time_ms ?? undefined,
          },
          {
            label: "Processing lag",
            value: lag(table.processing_lag_seconds),
            note:
              table.processing_lag_seconds === 0
                ? "caught up"
                : `limit ${duration(table.lag_limit_seconds)}`,
            tip: table.health_reason,
          },
          { label: "Pending", ...pendingFact(table.manifest) },
          {
            label: "Fingerprint",
            value: (
              <span className="font-mono text-[16px]">
                {table.fingerprint?.slice(0, 10) ?? "–"}
              </span>
            ),
            note:
              table.fingerprint_count > 1
                ? `${count(table.fingerprint_count)} so far`
                : "the first one",
            tip: table.fingerprint ?? undefined,
          },
        ]}
      />
    </div>
  );
}
