import { CircleCheck, OctagonX, X } from "lucide-react";
import { Button } from "@/components/ui/button";
import { useAnnounce } from "@/lib/announce";

/** What just happened, seen in the corner and heard politely. */
export function Notices() {
  const { notices, dismiss } = useAnnounce();
  const seen = notices.filter((notice) => notice.seen);
  return (
    <>
      <div aria-live="polite" className="sr-only">
        {notices.map((notice) => (
          <p key={notice.id}>{notice.text}</p>
        ))}
      </div>
      <section
        aria-label="Notices"
        className="pointer-events-none fixed right-4 bottom-4 z-[70] grid w-[min(380px,calc(100vw-32px))] gap-2 max-m:bottom-20"
      >
        {seen.map((notice) => (
          <div
            key={notice.id}
            className="pointer-events-auto flex animate-rise items-start gap-2.5 rounded-l border border-line-2 bg-surface py-2.5 pr-2 pl-3 text-md shadow-4"
          >
            {notice.tone === "fail" ? (
              <OctagonX aria-hidden className="mt-px size-4 flex-none text-fail-icon" />
            ) : (
              <CircleCheck aria-hidden className="mt-px size-4 flex-none text-ok-icon" />
            )}
            <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">{notice.text}</span>
            <Button
              variant="ghost"
              size="icon-s"
              className="-my-1"
              aria-label="Dismiss"
              onClick={() => dismiss(notice.id)}
            >
              <X aria-hidden />
            </Button>
          </div>
        ))}
      </section>
    </>
  );
}
