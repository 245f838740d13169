import { Search } from "lucide-react";
import { caps } from "@/lib/shortcuts";

/** Looks like a field and opens the palette, which is one. */
export function SearchButton({ onOpen }: { onOpen: () => void }) {
  return (
    <button
      type="button"
      onClick={onOpen}
      aria-haspopup="dialog"
      aria-keyshortcuts="Control+K Meta+K"
      className="flex h-8 min-w-0 flex-[0_1_360px] items-center gap-2 rounded-m border border-control bg-surface pr-1.5 pl-2.5 text-left text-ink-2 text-md hover:bg-hover max-s:size-10 max-s:flex-none max-s:justify-center max-s:border-transparent max-s:bg-transparent max-s:p-0"
    >
      <Search aria-hidden className="size-4 flex-none text-ink-3 max-s:text-ink-2" />
      <span className="min-w-0 flex-1 truncate max-s:sr-only">Search tables, runs, actions</span>
      <kbd
        aria-hidden
        className="flex-none rounded-s border border-line-2 bg-sunken px-1.5 font-medium font-sans text-axis text-ink-2 leading-4 max-s:hidden"
      >
        {caps("mod+k").join(" ")}
      </kbd>
    </button>
  );
}
