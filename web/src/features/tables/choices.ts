import { queryOptions } from "@tanstack/react-query";
import { unwrap } from "@/api/client";
import { type Action, type PlanRequest, planTable, type TableDetail } from "@/api/generated";
import type { TableKey } from "@/api/queries";

/** What a person can have done to a table: in words, and tried before it is done. */

export interface Asked {
  action: Exclude<Action, "sync" | "verify"> | "wait";
  files?: readonly string[];
}

interface Words {
  title: string;
  /** What it does and leaves, before it is done. */
  what: string;
  /** On the button that does it. */
  act: string;
}

export const WORDS: Record<Asked["action"], Words> = {
  accept: {
    title: "Accept the table as it is",
    what: "Rows stay as they are, and what the manifest says now counts. New folders come on top. The log keeps who accepted, and how many rows.",
    act: "Accept as it is",
  },
  resync: {
    title: "Re-sync from a time on",
    what: "Folders from a time on are read again, and replace what the table has of them in one commit. Older rows stay. Readers see the table as it was until then.",
    act: "Re-sync",
  },
  rebuild: {
    title: "Rebuild from the whole export",
    what: "The table is loaded anew and replaced in one commit. Readers see it as it was until then, and the old version stays there for time travel until VACUUM.",
    act: "Rebuild",
  },
  repair: {
    title: "Repair what is missing",
    what: "Files that a verification misses are brought again. No row comes twice.",
    act: "Repair",
  },
  quarantine: {
    title: "Set the file aside",
    what: "The table goes on without this file. Its rows are left out, and every run warns of it until it is released.",
    act: "Set file aside",
  },
  release: {
    title: "Release from quarantine",
    what: "The file is read like any other from now on. If it still cannot be read, the table stops before it again.",
    act: "Release",
  },
  wait: {
    title: "Wait for the export",
    what: "Nothing is done and nothing is written. Each run looks at the manifest again: when it says what it said before, the table goes on by itself. Until then the table gets no new rows and counts as failed.",
    act: "",
  },
};

/** What happened, by the code of a hold. */
export const HAPPENED: Record<string, string> = {
  CHANGED_OUTSIDE: "Somebody else changed this table",
  RESET_SUSPECTED: "CDA seems to have been set up anew",
  CURSOR_LOST: "Nobody knows up to where this table was read",
  CANNOT_RESYNC: "A re-sync is not possible",
  SCHEMA_CONFLICT: "Two files disagree about a column",
  BAD_FILE: "A file of the export cannot be read",
  FILES_MISSING: "Committed files are missing from this table",
  DATA_FILE_GONE: "Files of this table are gone",
  SOURCE_CHANGED: "Files of the export have changed",
  ROWS_DIFFER: "Rows differ from the export",
};

/** A dry run; asked anew whenever the dialog opens. */
export const planQuery = ({ name, connection }: TableKey, body: PlanRequest | null) =>
  queryOptions({
    queryKey: ["plan", connection, name, body],
    queryFn: ({ signal }) =>
      unwrap(
        planTable({ signal, path: { name }, query: { connection }, body: body as PlanRequest }),
      ),
    enabled: body !== null,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  });

/** A folder timestamp as people write it, in epoch ms: digits, or ISO 8601 (without a zone: UTC). */
export function folderTime(text: string): number | null {
  const trimmed = text.trim();
  if (/^\d{12,15}$/.test(trimmed)) return Number(trimmed);
  const iso = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?))?(Z)?$/i.exec(
    trimmed,
  );
  if (!iso) return null;
  const at = Date.parse(`${iso[1]}T${iso[2] ?? "00:00"}Z`);
  return Number.isNaN(at) || at < 0 ? null : at;
}

/** Folder timestamps that commits of ours ended at, newest first. */
export function watermarksOf(table: TableDetail): string[] {
  const all = table.history.flatMap(({ watermark }) => (watermark ? [watermark] : []));
  return [...new Set(all)].sort().reverse().slice(0, 20);
}
