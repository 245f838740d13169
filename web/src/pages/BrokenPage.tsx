import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { ApiProblem } from "@/api/problem";
import { PageHead } from "@/components/bits";
import { Problem } from "@/components/Panel";

/** A part of the page did not load or broke; the rest of it still stands. */
export function BrokenPage({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const problem = new ApiProblem({
    status: 0,
    title: "This page could not be shown",
    detail: error instanceof Error ? error.message : String(error),
    code: "PAGE_BROKEN",
    hint: "Try again; if it stays, reload the window. The runs go on without it.",
    requestId: null,
  });
  return (
    <>
      <PageHead title="Something broke" />
      <div className="card">
        <Problem
          problem={problem}
          onRetry={() => {
            reset();
            void router.invalidate();
          }}
        />
      </div>
    </>
  );
}
