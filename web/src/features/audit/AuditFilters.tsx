import { Download } from "lucide-react";
import { Segments } from "@/components/bits";
import { buttonVariants } from "@/components/ui/button";
import type { AuditDays, AuditSearch } from "@/lib/addresses";
import { useTyped } from "@/lib/use-typed";
import { auditFile } from "./queries";

/** Every action there is, in the words of the log. */
const ACTIONS: Record<string, string> = {
  "run.start": "Run started",
  "run.cancel": "Run cancelled",
  "run.retry": "Run retried",
  "runs.forget": "Runs forgotten",
  "tables.refresh": "Tables refreshed",
  "table.sample": "Rows looked at",
  "connection.add": "Connection added",
  "connection.change": "Connection changed",
  "connection.remove": "Connection removed",
  "connection.test": "Connection tested",
  "object.download": "File downloaded",
  login: "Login",
  "login.refused": "Login refused",
  logout: "Logout",
  "access.grant": "Token made",
  "access.revoke": "Token revoked",
  "access.refused": "Permission refused",
  "audit.forget": "Old entries forgotten",
  "audit.export": "Audit log exported",
  "support.bundle": "Support bundle made",
};

export const actionWords = (action: string): string => ACTIONS[action] ?? action;

const PERIODS = [
  { value: "1", label: "1 day" },
  { value: "7", label: "7 days" },
  { value: "30", label: "30 days" },
  { value: "", label: "All" },
] as const;

export function AuditFilters({
  search,
  onChange,
}: {
  search: AuditSearch;
  onChange: (search: AuditSearch) => void;
}) {
  const change = (part: AuditSearch) => onChange({ ...search, ...part });
  return (
    <div className="flex flex-wrap items-end gap-3 border-line border-b px-4 py-3">
      <Text label="Who" value={search.who ?? ""} onChange={(who) => change({ who })} />
      <Text
        label="On what"
        value={search.subject ?? ""}
        onChange={(subject) => change({ subject })}
      />
      <label className="grid min-w-0 gap-1 font-semibold text-ink-2 text-sm max-s:flex-[1_1_100%]">
        Action
        <select
          value={search.action ?? ""}
          onChange={(event) => change({ action: event.target.value })}
          className="h-8 rounded-m border border-control bg-surface px-2 font-normal text-ink text-md max-s:h-10"
        >
          <option value="">Every action</option>
          {Object.entries(ACTIONS).map(([action, words]) => (
            <option key={action} value={action}>
              {words}
            </option>
          ))}
        </select>
      </label>
      <Segments<string>
        label="Period"
        value={search.days ?? ""}
        options={PERIODS}
        onChange={(days) => change({ days: days as AuditDays })}
      />
      <span className="ml-auto flex gap-2">
        <Export search={search} format="csv" />
        <Export search={search} format="json" />
      </span>
    </div>
  );
}

function Export({ search, format }: { search: AuditSearch; format: "csv" | "json" }) {
  return (
    <a href={auditFile(search, format)} download className={buttonVariants({ size: "m" })}>
      <Download aria-hidden /> {format.toUpperCase()}
    </a>
  );
}

function Text({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
}) {
  const [text, setText] = useTyped(value, onChange);
  return (
    <label className="grid min-w-0 gap-1 font-semibold text-ink-2 text-sm max-s:flex-[1_1_40%]">
      {label}
      <input
        value={text}
        onChange={(event) => setText(event.target.value)}
        autoComplete="off"
        spellCheck={false}
        className="h-8 w-44 rounded-m border border-control bg-surface px-2 font-normal text-ink text-md max-s:h-10 max-s:w-full"
      />
    </label>
  );
}
