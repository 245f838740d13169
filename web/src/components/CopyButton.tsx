import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { copyText } from "@/lib/clipboard";
import { cn } from "@/lib/cn";

/** A path or an id that copies itself. */
export function CopyButton({
  text,
  label,
  className,
  iconOnly = false,
}: {
  text: string;
  label: string;
  className?: string;
  iconOnly?: boolean;
}) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    setCopied(await copyText(text));
    setTimeout(() => setCopied(false), 1600);
  };
  const Icon = copied ? Check : Copy;
  return (
    <button
      type="button"
      onClick={() => void copy()}
      data-tip={!iconOnly && text.length > 48 ? text : undefined}
      className={cn(
        "-ml-1.5 inline-flex min-h-6 max-w-full items-center gap-1.5 rounded-s px-1.5 font-mono text-ink-2 text-sm hover:bg-hover hover:text-ink",
        className,
      )}
    >
      {!iconOnly && <span className="truncate">{text}</span>}
      <Icon aria-hidden className={cn("size-[13px] flex-none", copied && "text-ok-icon")} />
      <span className="sr-only" aria-live="polite">
        {copied ? "copied" : `Copy ${label}`}
      </span>
    </button>
  );
}
