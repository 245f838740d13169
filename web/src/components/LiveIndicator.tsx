import { WifiOff } from "lucide-react";
import { useLiveness } from "@/api/liveness";
import { short } from "@/lib/format";
import { useAge } from "@/lib/time";

/** "Live, 3 s ago", or since when not. */
export function LiveIndicator() {
  const { lastAnswer, failures } = useLiveness();
  const age = useAge(lastAnswer);
  if (age === null && failures === 0) return null;
  if (failures > 0) {
    return (
      <span className="inline-flex items-center gap-1.5 whitespace-nowrap px-1.5 font-medium text-sm text-warn max-l:hidden">
        <WifiOff aria-hidden className="size-4" />
        {age === null ? "Not connected" : `Stale, ${short(age)} old`}
      </span>
    );
  }
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap px-1.5 text-ink-2 text-sm tabular-nums max-l:hidden">
      <span aria-hidden className="size-2 rounded-full bg-ok-icon" />
      Live, {short(age)} ago
    </span>
  );
}
