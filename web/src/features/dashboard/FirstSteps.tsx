import { Play } from "lucide-react";
import type { ReactNode } from "react";
import { ActionButton } from "@/components/ActionButton";
import { CopyButton } from "@/components/CopyButton";
import { Mark } from "@/components/Mark";
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
        on this machine, with no account at all.
      </p>
      <ol aria-label="First steps" className="card grid text-left s:grid-cols-3">
        <Step number={1} title="Point to the export" current={!connected} done={connected}>
          A folder, or an s3, gs or abfss address that holds <code>manifest.json</code>, in{" "}
          <code>CDALAKE_SOURCE</code>.
        </Step>
        <Step number={2} title="Choose the target" done={connected}>
          Where the Delta tables go, in <code>CDALAKE_TARGET</code>. Then start{" "}
          <code>cdalake serve</code> again.
        </Step>
        <Step number={3} title="Run once" current={connected}>
          {connected && (
            <ActionButton variant="primary" className="mt-2" onClick={() => open()}>
              <Play aria-hidden /> Run now
            </ActionButton>
          )}
          {!connected && "Press Run now: every table of the manifest is loaded."}
        </Step>
      </ol>
      {!connected && (
        <p className="mt-4 text-ink-2 text-md">
          Just looking? On the command line: <CopyButton text="cdalake demo" label="command" />
        </p>
      )}
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
