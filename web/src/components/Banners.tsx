import { useQuery, useQueryClient } from "@tanstack/react-query";
import { CirclePause, CirclePlay, RotateCw, Sparkles, WifiOff } from "lucide-react";
import { useResumeRuns } from "@/api/actions";
import type { PausedRuns } from "@/api/generated";
import { useLiveness } from "@/api/liveness";
import { dashboardQuery } from "@/api/queries";
import { useUpgrade } from "@/api/upgrade";
import { ActionButton } from "@/components/ActionButton";
import { Button } from "@/components/ui/button";
import { short } from "@/lib/format";
import { useNow } from "@/lib/hooks";
import { useTimes } from "@/lib/time";

/** What the reader has to know of the page as a whole. */
export function Banners() {
  return (
    <>
      <StaleBanner />
      <UpgradeBanner />
      <PauseBanners />
    </>
  );
}

/** A newer page is there: the reader says when. */
function UpgradeBanner() {
  if (!useUpgrade()) return null;
  return (
    <div className="flex items-center gap-2.5 border-info-line border-b bg-info-bg px-6 py-2 text-md max-s:px-3">
      <Sparkles aria-hidden className="size-4 flex-none text-info-icon" />
      <p role="status" className="min-w-0 flex-1">
        The server was upgraded and has a newer version of this page.
      </p>
      <Button size="s" onClick={() => location.reload()}>
        <RotateCw aria-hidden /> Reload
      </Button>
    </div>
  );
}

/** Connections whose runs somebody paused: why nothing begins, on whichever page one wonders. */
function PauseBanners() {
  const paused = useQuery(dashboardQuery()).data?.paused ?? [];
  return paused.map((pause) => <PauseBanner key={pause.connection} pause={pause} />);
}

function PauseBanner({ pause }: { pause: PausedRuns }) {
  const name = pause.connection;
  const times = useTimes();
  const resume = useResumeRuns();
  return (
    <div className="flex items-center gap-2.5 border-warn-line border-b bg-warn-bg px-6 py-2 text-md max-s:px-3">
      <CirclePause aria-hidden className="size-4 flex-none text-warn-icon" />
      <p role="status" className="min-w-0 flex-1">
        <b className="font-semibold">Runs of {name} are paused</b> by {pause.by} since{" "}
        {times.full(pause.at)}: none begins before they are resumed.
      </p>
      <ActionButton size="s" disabled={resume.isPending} onClick={() => resume.mutate(name)}>
        <CirclePlay aria-hidden /> Resume
      </ActionButton>
    </div>
  );
}

/** Says that what is seen is old, how old, and when the next try is. Goes away by itself. */
function StaleBanner() {
  const { lastAnswer, failures, nextTry } = useLiveness();
  if (failures === 0 || lastAnswer === null) return null;
  return <Banner lastAnswer={lastAnswer} failures={failures} nextTry={nextTry} />;
}

function Banner({
  lastAnswer,
  failures,
  nextTry,
}: {
  lastAnswer: number;
  failures: number;
  nextTry: number | null;
}) {
  const client = useQueryClient();
  const times = useTimes();
  const now = useNow();
  const wait = nextTry === null ? 0 : Math.max(0, Math.ceil((nextTry - now) / 1000));
  return (
    <div className="flex items-center gap-2.5 border-warn-line border-b bg-warn-bg px-6 py-2 text-md max-s:px-3">
      <WifiOff aria-hidden className="size-4 flex-none text-warn-icon" />
      <p className="min-w-0 flex-1">
        <b className="font-semibold" role="status">
          Not live.
        </b>{" "}
        What you see is from {times.full(lastAnswer)}, {short((now - lastAnswer) / 1000)} old.{" "}
        {wait > 0 ? `Next try in ${wait} s` : "Trying now"} ({ordinal(failures)}).
      </p>
      <Button size="s" onClick={() => void client.refetchQueries({ type: "active" })}>
        <RotateCw aria-hidden /> Try now
      </Button>
    </div>
  );
}

function ordinal(n: number): string {
  const tail = n % 100;
  const end = tail > 3 && tail < 21 ? "th" : (["th", "st", "nd", "rd"][n % 10] ?? "th");
  return `${n}${end}`;
}
