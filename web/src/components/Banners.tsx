import { useQuery, useQueryClient } from "@tanstack/react-query";
import {
  CirclePause,
  CirclePlay,
  type LucideIcon,
  RotateCw,
  Sparkles,
  WifiOff,
} from "lucide-react";
import type { ReactNode } from "react";
import { useResumeRuns } from "@/api/actions";
import type { PausedRuns } from "@/api/generated";
import { useLiveness } from "@/api/liveness";
import { dashboardQuery } from "@/api/queries";
import { useUpgrade } from "@/api/upgrade";
import { ActionButton } from "@/components/ActionButton";
import { Button } from "@/components/ui/button";
import { cn } from "@/lib/cn";
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
    <Banner
      tone="info"
      icon={Sparkles}
      action={
        <Button size="s" onClick={() => location.reload()}>
          <RotateCw aria-hidden /> Reload
        </Button>
      }
    >
      <p role="status">The server was upgraded and has a newer version of this page.</p>
    </Banner>
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
    <Banner
      tone="warn"
      icon={CirclePause}
      action={
        <ActionButton size="s" disabled={resume.isPending} onClick={() => resume.mutate(name)}>
          <CirclePlay aria-hidden /> Resume
        </ActionButton>
      }
    >
      <p role="status">
        <b className="font-semibold">Runs of {name} are paused</b> by {pause.by} since{" "}
        {times.full(pause.at)}: none begins before they are resumed.
      </p>
    </Banner>
  );
}

/** Says that what is seen is old, how old, and when the next try is. Goes away by itself. */
function StaleBanner() {
  const { lastAnswer, failures, nextTry } = useLiveness();
  if (failures === 0 || lastAnswer === null) return null;
  return <Stale lastAnswer={lastAnswer} failures={failures} nextTry={nextTry} />;
}

function Stale({
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
    <Banner
      tone="warn"
      icon={WifiOff}
      action={
        <Button size="s" onClick={() => void client.refetchQueries({ type: "active" })}>
          <RotateCw aria-hidden /> Try now
        </Button>
      }
    >
      <p>
        <b className="font-semibold" role="status">
          Not live.
        </b>{" "}
        What you see is from {times.full(lastAnswer)}, {short((now - lastAnswer) / 1000)} old.{" "}
        {wait > 0 ? `Next try in ${wait} s` : "Trying now"} ({ordinal(failures)}).
      </p>
    </Banner>
  );
}

const TONES = {
  info: { box: "border-info-line bg-info-bg", icon: "text-info-icon" },
  warn: { box: "border-warn-line bg-warn-bg", icon: "text-warn-icon" },
} as const;

/** A line above the page, with what can be done about it. */
function Banner({
  tone,
  icon: Icon,
  action,
  children,
}: {
  tone: keyof typeof TONES;
  icon: LucideIcon;
  action: ReactNode;
  children: ReactNode;
}) {
  const { box, icon } = TONES[tone];
  return (
    <div className={cn("flex items-center gap-2.5 border-b px-6 py-2 text-md max-s:px-3", box)}>
      <Icon aria-hidden className={cn("size-4 flex-none", icon)} />
      <div className="min-w-0 flex-1">{children}</div>
      {action}
    </div>
  );
}

function ordinal(n: number): string {
  const tail = n % 100;
  const end = tail > 3 && tail < 21 ? "th" : (["th", "st", "nd", "rd"][n % 10] ?? "th");
  return `${n}${end}`;
}
