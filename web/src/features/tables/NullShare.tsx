import type { UseQueryResult } from "@tanstack/react-query";
import type { ColumnNulls, TableNulls } from "@/api/generated";
import { toProblem } from "@/api/problem";
import { MiniBar } from "@/components/bits";
import { SkeletonBlock } from "@/components/Panel";
import { count, percent } from "@/lib/format";

export type Nulls = UseQueryResult<TableNulls>;

/** How much of a column is null: a bar and a number for the eye, a sentence for the ear. */
export function NullShare({ column, nulls }: { column: ColumnNulls | undefined; nulls: Nulls }) {
  if (nulls.isLoading) {
    return (
      <>
        <SkeletonBlock className="ml-auto h-3 w-16" />
        <span className="sr-only">being counted</span>
      </>
    );
  }
  if (column?.share == null) return <Unknown reason={column?.unknown_reason ?? why(nulls)} />;
  return <Known column={column} share={column.share} rows={nulls.data?.rows ?? null} />;
}

function Known({
  column,
  share,
  rows,
}: {
  column: ColumnNulls;
  share: number;
  rows: number | null;
}) {
  const words = `${count(column.nulls)} of ${count(rows)} rows are null`;
  const shown = percent(share * 100);
  return (
    <span data-tip={words}>
      <span aria-hidden className="max-s:hidden">
        <MiniBar share={share} color="var(--d-line)">
          {shown}
        </MiniBar>
      </span>
      <span aria-hidden className="s:hidden">
        {shown}
      </span>
      <span className="sr-only">
        {shown}: {words}
      </span>
    </span>
  );
}

function Unknown({ reason }: { reason: string }) {
  return (
    <span className="text-ink-2" data-tip={reason}>
      unknown<span className="sr-only">: {reason}</span>
    </span>
  );
}

/** Why nothing is known of any column. */
function why({ data, error }: Nulls): string {
  return trouble({ data, error }) ?? "It was not counted.";
}

export function trouble({ data, error }: Pick<Nulls, "data" | "error">): string | null {
  if (error) return toProblem(error).message;
  return data?.error ? `${data.error.message} ${data.error.hint}` : null;
}
