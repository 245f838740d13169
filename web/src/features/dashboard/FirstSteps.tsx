import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Play, Plus } from "lucide-react";
import type { ReactNode } from "react";
import { unwrap } from "@/api/client";
import { startDemo } from "@/api/generated";
import { toProblem } from "@/api/problem";
import { ActionButton } from "@/components/ActionButton";
import { CopyButton } from "@/components/CopyButton";
import { Mark } from "@/components/Mark";
import { Problem } from "@/components/Panel";
import { Button } from "@/components/ui/button";
import { cn } from "@/lib/cn";
import { useStartRun } from "@/lib/start-run";

/** Nothing is connected, or nothing has run: what to do first. */
export function FirstSteps({ connected }: { connected: boolean }) {
  const { open } = useStartRun();
  return (
    <div className="mx-auto mt-10 max-w-[920px] text-center max-s:mt-3">
      <Mark className="mx-auto mb-4 size-14" />
      <h1 className="font-[620] text-h1 tracking-[-.016em]">See your Guidewire data arrive</h1>
      <p className="mx-auto mt-2 mb-6 max-w-[54ch] text-ink-2">
        Connect a CDA export and a place for the Delta tables. No export at hand? The demo makes one
        on the server's machine: 24 tables in well under a minute, with no account at all.
      </p>
      <div className="card overflow-hidden text-left">
        <ol aria-label="First steps" className="grid s:grid-cols-3">
          <Step number={1} title="Point to the export" current={!connected} done={connected}>
            A folder, or an s3, gs or abfss address that holds <code>manifest.json</code>.
            {!connected && (
              <div className="mt-3">
                <Button variant="primary" asChild>
                  <Link to="/sources">
                    <Plus aria-hidden /> Add source
                  </Link>
                </Button>
              </div>
            )}
          </Step>
          <Step number={2} title="Choose the target" done={connected}>
            Where the Delta tables go. Writing is tried before the first run.
          </Step>
          <Step number={3} title="Run once" current={connected}>
            See what would be loaded, then start.
            {connected && (
              <div className="mt-3">
                <ActionButton variant="primary" onClick={() => open()}>
                  <Play aria-hidden /> Run now
                </ActionButton>
              </div>
            )}
          </Step>
        </ol>
        {!connected && <Demo />}
      </div>
    </div>
  );
}

/** Something to look at without an export of one's own. */
function Demo() {
  const navigate = useNavigate();
  const client = useQueryClient();
  const demo = useMutation({
    mutationFn: () => unwrap(startDemo()),
    onSuccess: async ({ run_id }) => {
      await client.invalidateQueries();
      void navigate({ to: "/runs/$runId", params: { runId: run_id } });
    },
  });
  return (
    <div className="border-line border-t bg-sunken">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 px-5 py-3 text-ink-2 text-md">
        Just looking?
        <ActionButton needs="admin" disabled={demo.isPending} onClick={() => demo.mutate()}>
          <Play aria-hidden /> {demo.isPending ? "Writing the export…" : "Start with demo data"}
        </ActionButton>
        <span className="ml-auto flex items-center gap-1.5 text-sm max-s:ml-0">
          or on the command line: <CopyButton text="cdalake demo" label="command" />
        </span>
      </div>
      {demo.error && <Problem problem={toProblem(demo.error)} onRetry={() => demo.mutate()} />}
    </div>
  );
}

function Step({
  number,
  title,
  current,
  done,
  children,
}: {
  number: number;
  title: string;
  current?: boolean;
  done?: boolean;
  children: ReactNode;
}) {
  return (
    <li className="flex flex-col gap-1.5 border-line px-5 pt-[18px] pb-5 not-first:border-t s:not-first:border-t-0 s:not-first:border-l">
      <span
        className={cn(
          "grid size-[22px] place-items-center rounded-full font-semibold text-sm",
          current ? "bg-ink text-surface" : "bg-mute-bg text-ink-2",
        )}
      >
        {done ? "✓" : number}
      </span>
      <h2 className="font-semibold text-base">{title}</h2>
      <div className="text-ink-2 text-md">{children}</div>
    </li>
  );
}
