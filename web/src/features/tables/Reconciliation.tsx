import { Link } from "@tanstack/react-router";
import { CircleCheck, ShieldCheck } from "lucide-react";
import type { ReactNode } from "react";
import { useVerify } from "@/api/actions";
import type { Checks, TableDetail, Verification } from "@/api/generated";
import { ActionButton } from "@/components/ActionButton";
import { Tag } from "@/components/bits";
import { Card, Empty } from "@/components/Panel";
import { count, plural, shortId } from "@/lib/format";
import { useTimes } from "@/lib/time";
import { actionWord } from "@/lib/vocabulary";
import { Names } from "./DryRun";

/** What the newest verification counted against the export. */
export function Reconciliation({ table }: { table: TableDetail }) {
  const verify = useVerify();
  const { verification } = table;
  const button = (
    <ActionButton size="s" disabled={verify.isPending} onClick={() => verify.mutate(table)}>
      <ShieldCheck aria-hidden /> Verify now
    </ActionButton>
  );
  if (!verification) {
    return (
      <Card title="Reconciliation">
        <Empty icon={ShieldCheck} title="Not verified yet" action={button}>
          A verification lists everything, and proves that no committed file is missing. It writes
          nothing.
        </Empty>
      </Card>
    );
  }
  return (
    <Card title="Reconciliation" actions={button}>
      <Verdict verification={verification} table={table} />
      <Counts checks={verification.checks} />
    </Card>
  );
}

/** What is different since; null where the counts are of the table as it stands. */
function changeSince(verification: Verification, table: TableDetail): string | null {
  const { action, version, checks } = verification;
  if (version !== null && version !== table.version) {
    const now = table.version === null ? "not there any more" : `now ${count(table.version)}`;
    return `version ${count(version)}, ${now}`;
  }
  // A repair counts before it mends.
  if (action === "repair") return null;
  const isOther =
    checks.rows !== null && table.row_count !== null && checks.rows !== table.row_count;
  return isOther ? `${plural(checks.rows ?? 0, "row")}, now ${count(table.row_count)}` : null;
}

function Verdict({ verification, table }: { verification: Verification; table: TableDetail }) {
  const times = useTimes();
  const change = changeSince(verification, table);
  const { missing, gone, changed, unexplained_rows: unexplained } = verification.checks;
  const isWhole = missing + gone + changed === 0 && unexplained === 0;
  return (
    <p className="mb-2 flex gap-2 text-md">
      {isWhole && change === null && (
        <CircleCheck aria-hidden className="mt-0.5 size-4 flex-none text-ok-icon" />
      )}
      <span className="min-w-0">
        {change !== null && (
          <strong className="block font-semibold">The table has changed since ({change}).</strong>
        )}
        {isWhole ? (change === null ? "Nothing is missing. " : "Nothing was missing then. ") : ""}
        {verification.action === "repair" ? "As it was before the repair of " : "As of "}
        {times.full(verification.finished_at)},{" "}
        <Link to="/runs/$runId" params={{ runId: verification.run_id }} className="link underline">
          {actionWord(verification.action)} run {shortId(verification.run_id)}
        </Link>
      </span>
    </p>
  );
}

function Counts({ checks }: { checks: Checks }) {
  return (
    <>
      <dl className="text-md">
        <Pair label="Files the export promises">{count(checks.files)}</Pair>
        <Pair label="Missing from the table" bad={checks.missing > 0}>
          {count(checks.missing)}
        </Pair>
        <Pair label="Gone from its folder" bad={checks.gone > 0}>
          {count(checks.gone)}
        </Pair>
        {checks.changed > 0 && (
          <Pair label="Changed in the export" bad>
            {count(checks.changed)}
          </Pair>
        )}
        {checks.unexplained_rows !== 0 && (
          <Pair label="Rows nobody can explain" bad>
            {count(checks.unexplained_rows)}
          </Pair>
        )}
        <Pair label="Rows">{count(checks.rows)}</Pair>
        <Pair label="Records, says CDA">
          {count(checks.records)}
          <span className="block text-ink-2 text-sm">{differenceWords(checks)}</span>
        </Pair>
        <Pair label="Folders by their batch metrics">
          <Folders folders={checks.folders} />
        </Pair>
      </dl>
      <div className="mt-2 grid gap-2">
        <Names title="Missing files" names={checks.missing_files} total={checks.missing} />
        <Names title="Gone files" names={checks.gone_files} total={checks.gone} />
        <Names title="Changed files" names={checks.changed_files} total={checks.changed} />
        <Names
          title="Folders whose rows differ"
          names={checks.mismatched_folders}
          total={checks.folders.mismatch ?? 0}
        />
      </div>
    </>
  );
}

function differenceWords({ difference }: Checks): string {
  if (difference === null) return "not to be compared";
  if (difference === 0) return "as many as rows";
  return `${plural(Math.abs(difference), "row")} ${difference > 0 ? "more" : "fewer"} in the table`;
}

const FOLDERS = [
  ["ok", "agree"],
  ["mismatch", "differ"],
  ["missing", "without metrics"],
  ["corrupt", "unreadable"],
  ["unknown", "unknown"],
] as const;

function Folders({ folders }: { folders: Checks["folders"] }) {
  const shown = FOLDERS.filter(([key]) => folders[key]);
  if (shown.length === 0) return "none";
  return (
    <span className="flex flex-wrap justify-end gap-1.5">
      {shown.map(([key, word]) => (
        <Tag
          key={key}
          {...(key === "mismatch" || key === "corrupt" ? { tone: "warn" as const } : {})}
        >
          {count(folders[key])} {word}
        </Tag>
      ))}
    </span>
  );
}

function Pair({ label, bad, children }: { label: string; bad?: boolean; children: ReactNode }) {
  return (
    <div className="flex items-baseline justify-between gap-3 border-line border-t py-[7px] first:border-t-0">
      <dt className="flex-none text-ink-2">{label}</dt>
      <dd className={bad ? "font-semibold text-fail tabular-nums" : "text-right tabular-nums"}>
        {children}
      </dd>
    </div>
  );
}
