import {
  Ban,
  CircleCheck,
  CircleDashed,
  CircleEqual,
  CircleHelp,
  CirclePause,
  Clock,
  type LucideIcon,
  Moon,
  OctagonX,
  SkipForward,
  TriangleAlert,
  Unlink,
} from "lucide-react";
import { cn } from "@/lib/cn";
import type { Shape, Tone, Word } from "@/lib/vocabulary";

const ICONS: Record<Exclude<Shape, "spin">, LucideIcon> = {
  check: CircleCheck,
  clock: Clock,
  octagon: OctagonX,
  moon: Moon,
  dashed: CircleDashed,
  unlink: Unlink,
  question: CircleHelp,
  triangle: TriangleAlert,
  minus: Ban,
  equal: CircleEqual,
  pause: CirclePause,
  skip: SkipForward,
};

const ICON_TONE: Record<Tone, string> = {
  ok: "text-ok-icon",
  warn: "text-warn-icon",
  fail: "text-fail-icon",
  info: "text-info-icon",
  mute: "text-mute-icon",
};

export const TEXT_TONE: Record<Tone, string> = {
  ok: "text-ok",
  warn: "text-warn",
  fail: "text-fail",
  info: "text-info",
  mute: "text-mute",
};

const PILL_TONE: Record<Tone, string> = {
  ok: "bg-ok-bg border-ok-line",
  warn: "bg-warn-bg border-warn-line",
  fail: "bg-fail-bg border-fail-line",
  info: "bg-info-bg border-info-line",
  mute: "bg-mute-bg border-mute-line",
};

/** Fill for bars and squares that mean a status. */
export const FILL: Record<Tone, string> = {
  ok: "var(--ok-icon)",
  warn: "var(--warn-icon)",
  fail: "var(--fail-icon)",
  info: "var(--info-icon)",
  mute: "var(--mute-icon)",
};

export function StatusIcon({ word, className }: { word: Word; className?: string }) {
  const classes = cn("size-[15px] flex-none", ICON_TONE[word.tone], className);
  if (word.shape === "spin") {
    return (
      <svg aria-hidden viewBox="0 0 24 24" className={cn(classes, "animate-spin")} fill="none">
        <circle cx="12" cy="12" r="9" stroke="currentColor" strokeWidth="2.5" opacity=".25" />
        <path
          d="M12 3a9 9 0 0 1 9 9"
          stroke="currentColor"
          strokeWidth="2.5"
          strokeLinecap="round"
        />
      </svg>
    );
  }
  const Icon = ICONS[word.shape];
  return <Icon aria-hidden strokeWidth={2} className={classes} />;
}

/** Icon, word and colour together; `tip` explains the word. */
export function StatusBadge({ word, pill, tip }: { word: Word; pill?: boolean; tip?: string }) {
  return (
    <span
      data-tip={tip}
      tabIndex={tip ? 0 : undefined}
      className={cn(
        "inline-flex items-center gap-[5px] whitespace-nowrap align-middle font-[550] text-[12.5px] leading-4",
        TEXT_TONE[word.tone],
        pill && "h-[22px] rounded-full border pr-2 pl-1.5",
        pill && PILL_TONE[word.tone],
      )}
    >
      <StatusIcon word={word} />
      {word.word}
    </span>
  );
}
