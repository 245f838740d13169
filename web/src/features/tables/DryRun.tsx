import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";
import type { PlannedTable } from "@/api/generated";
import { fromInfo } from "@/api/problem";
import { Problem } from "@/components/Panel";
import { bytes, count, plural } from "@/lib/format";
import { useTimes } from "@/lib/time";

/** What would be done: in numbers, and file by file. */
export function DryRun({ plan }: { plan: PlannedTable }) {
  const times = useTimes();
  if (plan.error) return <Problem problem={fromInfo(plan.error, "This cannot be done now")} />;
  const { first_folder: first, last_folder: last } = plan;
  const span = first && last ? `, ${times.full(first)} to ${times.full(last)}` : "";
  return (
    <div className="grid gap-3 px-6 py-4 max-s:px-4">
      {plan.does.map((sentence) => (
        <p key={sentence} className="text-md [overflow-wrap:anywhere]">
          {sentence}
        </p>
      ))}
      <dl className="grid gap-x-6 gap-y-2 text-md s:grid-cols-2">
        <Fact label="Reads">
          {plan.files === 0
            ? "nothing"
            : `${plural(plan.files, "file")}, ${bytes(plan.bytes)}, of ${plural(plan.folders, "folder")}${span}`}
        </Fact>
        <Fact label="Takes out">
          {plan.removed_files === 0
            ? "nothing"
            : `${plural(plan.removed_files, "file")}, ${plan.removed_rows === null ? "rows unknown" : plural(plan.removed_rows, "row")}`}
        </Fact>
        <Fact label="Commits">
          {plan.commits === 0 ? "none, the table's data stays as it is" : count(plan.commits)}
        </Fact>
      </dl>
      {plan.warnings.map((warning) => (
        <p key={`${warning.code} ${warning.message}`} className="flex gap-2 text-md">
          <CircleAlert aria-hidden className="mt-px size-4 flex-none text-warn-icon" />
          <span className="min-w-0 [overflow-wrap:anywhere]">{warning.message}</span>
        </p>
      ))}
      <Names title="Files read" names={plan.reads} total={plan.files} />
      <Names title="Files taken out" names={plan.takes_out} total={plan.removed_files} />
    </div>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-ink-2 text-sm">{label}</dt>
      <dd className="font-[550] tabular-nums [overflow-wrap:anywhere]">{children}</dd>
    </div>
  );
}

/** Exactly which files; of very many the first. */
export function Names({
  title,
  names,
  total,
}: {
  title: string;
  names: readonly string[];
  total: number;
}) {
  if (total === 0) return null;
  return (
    <details className="rounded-m border border-line">
      <summary className="cursor-pointer px-3 py-2 font-[550] text-md">
        {title} <span className="font-normal text-ink-2 tabular-nums">({count(total)})</span>
      </summary>
      <ul
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
        tabIndex={0}
        aria-label={title}
        className="max-h-48 overflow-y-auto border-line border-t px-3 py-2 font-mono text-sm leading-[18px]"
      >
        {names.map((name) => (
          <li key={name} className="[overflow-wrap:anywhere]">
            {name}
          </li>
        ))}
        {names.length < total && (
          <li className="font-sans text-ink-2">and {count(total - names.length)} more</li>
        )}
      </ul>
    </details>
  );
}
