import { StatusBadge } from "@/components/StatusIcon";
import { runWord, tableWord } from "@/lib/vocabulary";

/** State of a run. */
export function JobStatusBadge({ status, pill }: { status: string; pill?: boolean }) {
  return <StatusBadge word={runWord(status)} {...(pill ? { pill } : {})} />;
}

/** State of one table in a run. */
export function TableStateBadge({ status }: { status: string }) {
  return <StatusBadge word={tableWord(status)} />;
}
